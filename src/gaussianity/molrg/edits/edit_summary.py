"""Summary of the effects of edits per direction, relative to random directions.

Figures 6 and 9 of Wang et al. (2024), arXiv 2409.02426, show edited images.
"""

import pandas as pd

EFFECTS = ("rms_change", "probability_moved")
PER_CHANGE = "moved_per_change"
APART = 2  # standard errors from which on a ratio is said to differ from 1


def edit_summary(effects):
    """Effects per unit of strength, with standard errors over the seeds.

    Classes may share seeds; the images of one seed count as one measurement.

    Args:    effects - DataFrame of edits.measure_all with denoiser and accuracy, a row per image,
             direction and strength.
    Returns: DataFrame with part, denoiser, sigma, kind, index (of the singular or principal value;
             0 for all directions of a random kind together), images and seeds; for each of EFFECTS
             its mean, divided by |strength|, its error, and times_random, its ratio to random
             directions, with its error; moved_per_change, the mean of probability_moved over that
             of rms_change, with the same columns; switched, the share of edits of the largest
             strength that change the class named by the classifier; accuracy of the classifier;
             residual, the largest of the singular vectors; round_trip and round_trip_most, mean and
             largest over the images.
    """
    ordered = effects["kind"].isin(["singular", "principal"])
    largest = effects["strength"].abs().eq(effects["strength"].abs().max())
    judged = effects.assign(
        index=effects["index"].where(ordered, 0),
        switched=effects["switched"].where(largest),
        **{name: effects[name] / effects["strength"].abs() for name in EFFECTS},
    )
    block = ["part", "denoiser", "sigma"]
    keys = [*block, "kind", "index"]
    values = [*EFFECTS, "switched", "accuracy"]
    of_seed = judged.groupby([*keys, "seed"], sort=False)[values].mean().reset_index()
    random = {
        key: rows.set_index("seed")
        for key, rows in of_seed[of_seed["kind"].eq("random")].groupby(block)
    }
    rows = [
        dict(zip(keys, key, strict=True)) | _summary(group.set_index("seed"), random[key[:3]])
        for key, group in of_seed.groupby(keys, sort=False)
    ]
    grouped = judged.groupby(keys, sort=False)
    whole = dict(
        images=grouped["image"].nunique(),
        residual=grouped["residual"].max(),
        round_trip=grouped["round_trip"].mean(),
        round_trip_most=grouped["round_trip"].max(),
    )
    return pd.DataFrame(rows).merge(pd.DataFrame(whole).reset_index(), on=keys)


def _summary(group, random):
    """Means over seeds, and ratios to random directions of the same seeds."""
    random = random.loc[group.index]
    found = dict(seeds=len(group))
    for name in EFFECTS:
        effect, other = group[name], random[name]
        ratio = effect.mean() / other.mean()
        found |= {
            name: effect.mean(),
            f"{name}_error": effect.sem(),
            f"{name}_times_random": ratio,
            # The error of a ratio of means over the same seeds, to first order.
            f"{name}_times_random_error": (effect - ratio * other).sem() / other.mean(),
        }
    found |= _per_change(group, random)
    return found | {name: group[name].mean() for name in ("switched", "accuracy")}


def _per_change(group, random):
    """Change of the classifier over that of the pixels, and its ratio to random directions.

    A mean of quotients would depend most on the edits that change least. The errors are those of
    products and quotients of means over the same seeds, to first order.
    """
    away = [_relative(rows["probability_moved"], rows["rms_change"]) for rows in (group, random)]
    (value, own), (other, others) = away
    ratio = value / other
    return {
        PER_CHANGE: value,
        f"{PER_CHANGE}_error": value * own.sem(),
        f"{PER_CHANGE}_times_random": ratio,
        f"{PER_CHANGE}_times_random_error": ratio * (own - others).sem(),
    }


def _relative(above, below):
    """Quotient of two means, and its relative change to first order by each measurement."""
    return above.mean() / below.mean(), above / above.mean() - below / below.mean()


def headline(summary):
    """Does the classifier move farther along the first vectors than along random directions, for
    the same change of the image and for edits of equal norm? And the error of the inversion."""
    made = summary[summary["part"].eq("edits")]
    first = {
        name: [_first(rows, kind) for kind in ("singular", "principal")]
        for name, rows in made.groupby("denoiser", sort=False)
    }
    lines = ["How far edits move the classifier for the same change of the image, over random ones"]
    lines += [
        f"{name}'s denoiser: singular vector 1 {_per_change_said(singular)}, principal direction 1 "
        f"{_per_change_said(principal)}"
        for name, (singular, principal) in first.items()
    ]
    equal = [
        f"image {_times(singular, 'rms_change')}, classifier "
        f"{_times(singular, 'probability_moved')} ({name})"
        for name, (singular, _) in first.items()
    ]
    lines.append("Edits of equal norm along singular vector 1: " + ";\n".join(equal))
    return "\n".join([*lines, *_inversion(summary), *_residual(summary)])


def _per_change_said(row):
    name = f"{PER_CHANGE}_times_random"
    return f"{row[name]:.2f} ± {row[f'{name}_error']:.2f} ({compared(row)})"


def compared(row):
    """Does the classifier move farther than along random directions, for the same change of the
    pixels?"""
    away = row[f"{PER_CHANGE}_times_random"] - 1
    if abs(away) <= APART * row[f"{PER_CHANGE}_times_random_error"]:
        return "no difference seen"
    return "farther" if away > 0 else "less far"


def _first(rows, kind):
    return rows[rows["kind"].eq(kind) & rows["index"].eq(1)].iloc[0]


def _inversion(summary):
    inverted = summary[summary["part"].eq("inversion")]
    found = [
        f"{rows['round_trip'].mean():.2g} and {rows['round_trip_most'].max():.2g} ({name})"
        for name, rows in inverted.groupby("denoiser", sort=False)
    ]
    said = "Error of given images after inversion, mean and largest"
    return [f"{said}: {'; '.join(found)}"] if found else []


def _residual(summary):
    residual = summary["residual"].max()
    said = f"Largest relative residual of a singular vector: {residual:.2g}"
    return [said] if residual > 0 else []


def _times(row, name):
    return f"{row[f'{name}_times_random']:.1f} ± {row[f'{name}_times_random_error']:.1f}"
