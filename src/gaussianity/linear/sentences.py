"""What mean and covariance decide of a denoiser and of its images, in words."""

import pandas as pd

from gaussianity.linear.classes import COPIED, MIXED, TWIN
from gaussianity.linear.level_summary import explained_share
from gaussianity.linear.measures import CONFIDENCE
from gaussianity.linear.twin_summary import ALL, of_all

CHANCE = 0.2  # mean cosine with mixed seeds from which the comparison itself is at fault


def sentences(levels, twins, *, source):
    """The answer on the report's first screen, and what to be careful about.

    Args:    levels - of `level_summary`; twins - of `twin_summary`; source - its name.
    Returns: DataFrame: source, image_class (ALL), sentence; the first row answers.
    """
    said = [f"{of_images(twins)} {of_denoiser(levels)}", *of_controls(twins)]
    return pd.DataFrame(dict(source=source, image_class=ALL, sentence=said))


def of_images(twins):
    """What decides the differences between the images."""
    row = of_all(twins, TWIN)
    reach = CONFIDENCE * row["explained_error"]
    within = (
        f"R² {row['explained']:.2f}, 95 % interval {row['explained'] - reach:.2f} to "
        f"{row['explained'] + reach:.2f}"
    )
    if twins["image_class"].nunique() < 3:  # one class, and all
        return (
            f"Of the differences between generated images, covariance and seed decide "
            f"{_percent(row['twin'])} and the network alone {_percent(row['network'])} ({within})."
        )
    return (
        f"Of the differences between generated images, the class mean decides "
        f"{_percent(row['class_mean'])}, covariance and seed {_percent(row['twin'])}, the network "
        f"alone {_percent(row['network'])} (within a class {within})."
    )


def of_denoiser(levels):
    """What mean and covariance account for of the denoiser."""
    share, left, whole = explained_share(levels)
    lowest = levels["sigma"].min()
    if share < 0:
        return (
            f"The denoiser is further from that of a class's mean and covariance ({left:.3g} nats) "
            f"than from that of a single variance ({whole:.3g} nats), above noise level {lowest:g}."
        )
    return (
        f"Mean and covariance of a class account for {_percent(share)} of the {whole:.3g} nats by "
        f"which the denoiser differs from that of a single variance, above noise level {lowest:g}."
    )


def of_controls(twins):
    """Sentences where a control does not do what it must."""
    twin, mixed, copied = (of_all(twins, kind) for kind in (TWIN, MIXED, COPIED))
    if mixed["cosine"] > CHANCE:
        yield (
            f"Take care: images also resemble twins of other seeds (mean cosine "
            f"{mixed['cosine']:.2f}), so that the agreement is not one of seeds alone."
        )
    if copied["explained"] >= twin["explained"]:
        yield (
            f"Take care: copies of the images that define mean and covariance explain as much of "
            f"the images as the twins do (R² {copied['explained']:.2f} and "
            f"{twin['explained']:.2f}). The denoiser may repeat its training images."
        )


def _percent(share):
    return f"{100 * share:.0f} %"
