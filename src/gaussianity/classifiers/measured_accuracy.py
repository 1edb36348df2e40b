"""Measured accuracies over seeds, and their comparison with the prediction."""

import numpy as np

TOLERANCE = 0.005  # error of the prediction that counts as agreement
ERRORS = 2  # standard errors of a measurement that count as agreement


def over_seeds(scores):
    """Test accuracy over seeds.

    Args:    scores - DataFrame with subset, loss, origin, train_size, test_accuracy,
             gaussian_accuracy and exact_accuracy, a row per seed and tested pool or fold.
    Returns: DataFrame, a row per subset, loss, origin and train_size: mean and std over seeds;
             seeds, their number; gaussian and exact, the means of gaussian_accuracy and
             exact_accuracy (NaN where there is none).
    """
    keys = ["subset", "loss", "origin", "train_size"]
    measured = ["test_accuracy", "gaussian_accuracy", "exact_accuracy"]
    grouped = _of_seeds(scores, keys, measured).groupby(keys, sort=False)
    summary = grouped["test_accuracy"].agg(mean="mean", std="std", seeds="count")
    summary["gaussian"] = grouped["gaussian_accuracy"].mean()
    summary["exact"] = grouped["exact_accuracy"].mean()
    return summary.reset_index()


def _of_seeds(scores, keys, measured):
    """Means over what each seed tests, so that the spread is that of whole test sets."""
    return scores.groupby([*keys, "seed"], sort=False)[measured].mean().reset_index()


def against_prediction(scores, predictions):
    """Measured and predicted accuracy of least squares, for sources and their Gaussian data.

    Args:    scores - DataFrame with subset, origin, loss, seed, train_size, test_accuracy,
             test_images, tested and exact_accuracy (NaN for a source); predictions -
             DataFrame with subset, source, train_size, predicted_accuracy and rows_per_direction.
    Returns: DataFrame, a row per subset, source, origin and train_size: tested_on, "law" where the
             accuracies are exact under the distribution of the Gaussian data, else "images"; mean
             and std over seeds; seeds; error, the standard error of the mean, which includes that
             of a finite test set; predicted; difference, mean less predicted; agrees, True where
             the difference is at most TOLERANCE plus ERRORS errors; rows_per_direction, which is 1
             at the interpolation threshold.
    """
    scores = scores[scores["loss"] == "least_squares"]
    source = scores["origin"].str.removesuffix("-gaussian")
    scores = scores.assign(source=source)[source.isin(predictions["source"])]
    exact = scores["exact_accuracy"].notna()
    p = scores["test_accuracy"]
    scores = scores.assign(
        tested_on=np.where(exact, "law", "images"),
        accuracy=scores["exact_accuracy"].fillna(p),
        variance=(p * (1 - p)).where(~exact, 0.0),
    )
    keys = ["subset", "source", "origin", "train_size", "tested_on"]
    grouped = scores.groupby(keys, sort=False)
    by_seed = _of_seeds(scores, keys, ["accuracy"]).groupby(keys, sort=False)
    found = by_seed["accuracy"].agg(mean="mean", std="std", seeds="count")
    over_seeds = found["std"].fillna(0) / np.sqrt(found["seeds"])
    # More seeds test no further images.
    tested = grouped["test_images"].first() * grouped["tested"].nunique()
    of_tests = grouped["variance"].mean() / tested
    found["error"] = np.sqrt(over_seeds**2 + of_tests)
    both = found.reset_index().merge(predictions, on=["subset", "source", "train_size"])
    both = both.rename(columns={"predicted_accuracy": "predicted"})
    both["difference"] = both["mean"] - both["predicted"]
    both["agrees"] = both["difference"].abs() <= TOLERANCE + ERRORS * both["error"]
    columns = ["mean", "std", "seeds", "error", "predicted", "difference", "agrees"]
    return both[[*keys, *columns, "rows_per_direction"]]
