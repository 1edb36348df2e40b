"""Measured accuracies over seeds, and their comparison with the prediction."""

import numpy as np

TOLERANCE = 0.005  # of the prediction itself
ERRORS = 2  # standard errors of a measurement that count as agreement


def over_seeds(scores):
    """Test accuracy over seeds.

    Args:    scores - DataFrame with subset, loss, origin, train_size, test_accuracy and
             exact_accuracy, a row per seed.
    Returns: DataFrame, a row per subset, loss, origin and train_size: mean and std over seeds,
             seeds, and exact, the mean accuracy under the law of Gaussian data (NaN for a source).
    """
    grouped = scores.groupby(["subset", "loss", "origin", "train_size"], sort=False)
    summary = grouped["test_accuracy"].agg(["mean", "std", "count"])
    summary["exact"] = grouped["exact_accuracy"].mean()
    return summary.rename(columns={"count": "seeds"}).reset_index()


def against_prediction(scores, predictions):
    """Measured and predicted accuracy of each origin and training size.

    Args:    scores - DataFrame with subset, origin, loss, seed, train_size, test_accuracy,
             test_images, pool and exact_accuracy (under the law of Gaussian data, NaN for a
             source); predictions - DataFrame with subset, source, train_size,
             predicted_accuracy and rows_per_direction.
    Returns: DataFrame, a row per subset, source, origin and train_size of sources and their
             Gaussian data: tested_on ("law" where the measured accuracies are exact, else
             "images"), mean and std over seeds, seeds, error (standard error of the mean; that of
             sampled ones also of a finite test set), predicted, difference (mean less predicted),
             agrees (it is at most TOLERANCE and ERRORS errors), rows_per_direction (1 at the
             interpolation threshold).
    """
    scores = scores[scores["loss"] == "least_squares"]
    source = scores["origin"].str.removesuffix("-gaussian")
    scores = scores.assign(source=source)[source.isin(predictions["source"])]
    law = scores["exact_accuracy"].notna()
    p = scores["test_accuracy"]
    scores = scores.assign(
        tested_on=np.where(law, "law", "images"),
        accuracy=scores["exact_accuracy"].fillna(p),
        variance=(p * (1 - p) / scores["test_images"]).where(~law, 0.0),
    )
    keys = ["subset", "source", "origin", "train_size", "tested_on"]
    grouped = scores.groupby(keys, sort=False)
    found = grouped["accuracy"].agg(mean="mean", std="std", seeds="count")
    over_seeds = found["std"].fillna(0) / np.sqrt(found["seeds"])
    # Test sets of one pool share images, so that more pools divide this part and more seeds do not.
    of_tests = grouped["variance"].mean() / grouped["pool"].nunique()
    found["error"] = np.sqrt(over_seeds**2 + of_tests)
    both = found.reset_index().merge(predictions, on=["subset", "source", "train_size"])
    both = both.rename(columns={"predicted_accuracy": "predicted"})
    both["difference"] = both["mean"] - both["predicted"]
    both["agrees"] = both["difference"].abs() <= TOLERANCE + ERRORS * both["error"]
    columns = ["mean", "std", "seeds", "error", "predicted", "difference", "agrees"]
    return both[[*keys, *columns, "rows_per_direction"]]
