"""How far a denoiser is from its references at every noise level, over all classes."""

import numpy as np
import pandas as pd

from gaussianity.linear.levels import FORWARD
from gaussianity.linear.measures import area, one_minus_ratio
from gaussianity.linear.references import GAUSSIAN, ISOTROPIC, REFERENCES


def level_summary(levels):
    """Nats per e-fold of sigma that each reference leaves, their areas, and R^2.

    Trajectories are summed up from the lowest level of the noisy images on: below it a network's
    rounding and the images' quantisation are no structure.

    Args:    levels - table of `classes.level_table`.
    Returns: DataFrame, a row per law, reference and level, references without numbers left out:
             law, reference, sigma, images; nats and nats_error, mean over images of |D - D_ref|^2 /
             sigma^2; explained and explained_error, 1 - E|D - D_ref|^2 / E|D - mean D|^2 about
             class means; overall, the same about the mean of all images; score, 1 - E|D - D_ref|^2
             / E|D - x|^2; skill, 1 - nats / nats of the isotropic reference; loss and
             gaussian_loss, mean squared errors; area and area_error, of nats over ln sigma from
             this law's lowest level to its highest, nan for one level.
    """
    lowest = levels.loc[levels["law"] == FORWARD, "sigma"].min()
    used = levels[levels["sigma"] >= lowest * (1 - 1e-9)]
    found = []
    for (law, reference), part in _parts(used):
        rows = pd.DataFrame(
            _of_level(sigma, members, reference) for sigma, members in part.groupby("sigma")
        )
        rows["area"], rows["area_error"] = _area(part, reference)
        found.append(dict(law=law, reference=reference) | rows.to_dict("list"))
    return pd.concat([pd.DataFrame(each) for each in found], ignore_index=True)


def explained_share(summary, law=FORWARD):
    """Share of the isotropic reference's area that mean and covariance account for, with both
    areas: share, area left by the Gaussian, area of the isotropic reference."""
    rows = summary[summary["law"] == law].groupby("reference")["area"].first()
    return 1 - rows[GAUSSIAN] / rows[ISOTROPIC], rows[GAUSSIAN], rows[ISOTROPIC]


def _parts(levels):
    for law, part in levels.groupby("law", sort=False):
        for reference in REFERENCES:
            if part[f"of_{reference}"].notna().any():
                yield (law, reference), part


def _of_level(sigma, members, reference):
    distance = members[f"of_{reference}"]
    nats = distance / sigma**2
    explained = one_minus_ratio(distance, members["about_mean"])
    overall = one_minus_ratio(distance, members["about_mean"] + members["between"])
    return dict(
        sigma=sigma,
        images=len(members),
        nats=nats.mean(),
        nats_error=nats.std(ddof=1) / np.sqrt(len(members)),
        explained=explained.value,
        explained_error=explained.error,
        overall=overall.value,
        score=one_minus_ratio(distance, members["score"]).value,
        skill=one_minus_ratio(distance, members[f"of_{ISOTROPIC}"]).value,
        loss=members["loss"].mean(),
        gaussian_loss=members["gaussian_loss"].mean(),
    )


def _area(part, reference):
    """Area of an image's nats over ln sigma: mean over images, and its standard error."""
    nats = part[f"of_{reference}"] / part["sigma"] ** 2
    table = part.assign(nats=nats).pivot_table(
        index="sigma", columns=["image_class", "image"], values="nats"
    )
    return area(table.to_numpy(), table.index) if len(table) > 1 else (np.nan, np.nan)
