"""Summary of the effects of edits per direction, relative to random directions.

Figures 6 and 9 of Wang et al. (2024), arXiv 2409.02426, show edited images.
"""

import pandas as pd

EFFECTS = ("rms_change", "probability_moved")


def edit_summary(effects):
    """Effects per unit of strength, with standard errors over the seeds.

    Classes may share seeds; the images of one seed count as one measurement.

    Args:    effects - DataFrame of edit_effects.measure_edits with denoiser and accuracy, a row per
             image, direction and strength.
    Returns: DataFrame with denoiser, kind, index (of the singular value; 0 for all directions of a
             random kind together), images and seeds; for each of EFFECTS its mean, divided by
             |strength|, its error, and times_random, its ratio to random directions, with its
             error; switched, the share of edits of the largest strength that change the class named
             by the classifier; sigma; accuracy of the classifier; residual, the largest of the
             singular vectors.
    """
    singular = effects["kind"].eq("singular")
    largest = effects["strength"].abs().eq(effects["strength"].abs().max())
    judged = effects.assign(
        index=effects["index"].where(singular, 0),
        switched=effects["switched"].where(largest),
        **{name: effects[name] / effects["strength"].abs() for name in EFFECTS},
    )
    keys = ["denoiser", "kind", "index"]
    values = [*EFFECTS, "switched", "sigma", "accuracy"]
    of_seed = judged.groupby([*keys, "seed"], sort=False)[values].mean().reset_index()
    rows = [
        dict(zip(keys, key, strict=True)) | _summary(group, _random(of_seed, key[0]))
        for key, group in of_seed.groupby(keys, sort=False)
    ]
    grouped = judged.groupby(keys, sort=False)
    whole = dict(images=grouped["image"].nunique(), residual=grouped["residual"].max())
    return pd.DataFrame(rows).merge(pd.DataFrame(whole).reset_index(), on=keys)


def _random(of_seed, denoiser):
    chosen = of_seed["denoiser"].eq(denoiser) & of_seed["kind"].eq("random")
    return of_seed[chosen].set_index("seed")


def _summary(group, random):
    """Means over seeds, and ratios to random directions of the same seeds."""
    group = group.set_index("seed")
    found = dict(seeds=len(group))
    for name in EFFECTS:
        effect, other = group[name], random[name].loc[group.index]
        ratio = effect.mean() / other.mean()
        found |= {
            name: effect.mean(),
            f"{name}_error": effect.sem(),
            f"{name}_times_random": ratio,
            # The error of a ratio of means over the same seeds, to first order.
            f"{name}_times_random_error": (effect - ratio * other).sem() / other.mean(),
        }
    return found | {name: group[name].mean() for name in ("switched", "sigma", "accuracy")}


def headline(summary):
    """Effects along the first singular vector relative to random directions."""
    first = summary[summary["kind"].eq("singular") & summary["index"].eq(1)]
    lines = [
        f"{row['denoiser']}'s denoiser: image {_times(row, 'rms_change')}, classifier "
        f"{_times(row, 'probability_moved')} times as far"
        for row in first.to_dict("records")
    ]
    lines = ["An edit along singular vector 1, against random ones of equal norm", *lines]
    residual = summary["residual"].max()
    if residual > 0:
        lines.append(f"Largest relative residual of a singular vector: {residual:.2g}")
    return "\n".join(lines)


def _times(row, name):
    return f"{row[f'{name}_times_random']:.1f} ± {row[f'{name}_times_random_error']:.1f}"
