"""What a start in closed form moves and saves, over all classes, and where it may start."""

import numpy as np
import pandas as pd

from gaussianity.linear.late_starts import FINER, LATE
from gaussianity.linear.measures import one_minus_ratio
from gaussianity.linear.start import divergence_above, steps_of_loss

STRICT, LOOSE = 0.005, 0.02  # nats: at most .05 and .1 in total variation
KL_STRICT, KL_LOOSE = f"divergence up to {STRICT:g} nats", f"divergence up to {LOOSE:g} nats"
LOSS = "error of the Gaussian no larger than the network's"
CHECK = "images moved no more than by the steps"


def start_summary(images):
    """Means over the images of all classes.

    Args:    images - DataFrame of `late_starts.image_table` of all classes.
    Returns: DataFrame, a row per comparison: compared, step, saved, moved - root mean square
             distance over the spread within the class; moved_error - its standard error; variance -
             within the classes, over that of the whole sampler; votes - share of unchanged votes.
    """
    rows = []
    for (compared, step, saved), part in images.groupby(["compared", "step", "saved"]):
        ratio = one_minus_ratio(part["moved"], part["spread"])
        moved = np.sqrt(1 - ratio.value)
        rows.append(
            dict(
                compared=compared,
                step=step,
                saved=saved,
                moved=moved,
                moved_error=ratio.error / (2 * moved) if moved else 0.0,
                variance=part["own_spread"].sum() / part["spread"].sum(),
                votes=part["same_vote"].mean(),
            )
        )
    return pd.DataFrame(rows).sort_values(["compared", "step"], ignore_index=True)


def level_means(levels):
    """Means over the classes of `late_starts.level_table`, with the divergence above each level and
    its bound on the total variation."""
    means = levels.groupby("step", as_index=False).mean(numeric_only=True)
    means["kl"] = divergence_above(means["sigma"], means["nats"])
    means["bound"] = np.minimum(np.sqrt(means["kl"] / 2), 1)
    return means


def rules(summary, levels):
    """The last step at which each rule lets the network start: dict of rule to step.

    Args:    summary, levels - of `start_summary` and `level_means`. The last rule knows only the
             starts that were tried.
    """
    late = summary[summary["compared"] == LATE]
    (own,) = summary.loc[summary["compared"] == FINER, "moved"]
    unharmed = late["step"][(late["moved"] <= own).cummin()]
    by_loss = steps_of_loss(levels["sigma"], levels["gaussian_loss"], levels["network_loss"])
    return {
        KL_STRICT: int(levels["step"][levels["kl"] <= STRICT].max()),
        KL_LOOSE: int(levels["step"][levels["kl"] <= LOOSE].max()),
        LOSS: max(0, by_loss),
        CHECK: int(unharmed.max()) if len(unharmed) else 0,
    }


def start_table(summary, levels):
    """Everything that is drawn: a row per noise level, with the images of the starts tried there,
    and a last one for twice the steps.

    Returns: DataFrame with step, sigma, saved, moved, moved_error, variance, votes, nats, kl,
             bound, network_loss, gaussian_loss, and rules, the names of those that end there.
    """
    late = summary[summary["compared"] == LATE].drop(columns="compared")
    table = levels.merge(late, on="step", how="left")
    steps = len(levels)
    table["saved"] = 2 * table["step"] / (2 * steps - 1)
    table["compared"] = LATE
    found = rules(summary, levels)
    names = [[name for name, at in found.items() if at == step] for step in table["step"]]
    table["rules"] = ["; ".join(each) for each in names]
    finer = summary[summary["compared"] == FINER].assign(rules="", step=-1, saved=np.nan)
    columns = ["compared", "step", "sigma", "saved", "moved", "moved_error", "variance", "votes"]
    columns += ["nats", "kl", "bound", "network_loss", "gaussian_loss", "rules"]
    return pd.concat([table, finer], ignore_index=True)[columns]
