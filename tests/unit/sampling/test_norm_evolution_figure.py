"""The table of the figure of norms over the steps."""

import numpy as np
from figure_cases import product

from gaussianity.sampling.figures import norm_evolution


def test_quantiles_of_norms():
    """Five images: the quantile q of 0, 1, 2, 3, 4 is 4q."""
    frame = product(seed=range(5), step=[0, 1, 2])
    frame["sigma"] = 2.0 - frame["step"]
    for offset, name in enumerate(norm_evolution.NORMS):
        frame[name] = frame["seed"] + 10 * frame["step"] + 100.0 * offset
    ended = frame["step"] == 2
    frame.loc[ended, ["denoised_norm", "direction_norm"]] = np.nan
    found = norm_evolution.table(frame, [0, 2])
    assert found["norm"].tolist() == ["denoised_norm", "direction_norm", "x_norm", "x_norm"]
    assert found["step"].tolist() == [0, 0, 0, 2]
    assert found["sigma"].tolist() == [2, 2, 2, 0]
    quantiles = found[["q05", "q25", "q50", "q75", "q95"]]
    starts = np.array([100, 200, 0, 20])
    np.testing.assert_allclose(quantiles, starts[:, None] + [0.2, 1, 2, 3, 3.8])
