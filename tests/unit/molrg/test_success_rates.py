"""Success rates and their headline against numbers by hand."""

import numpy as np
from molrg_figure_cases import trials_of

from gaussianity.molrg.success_rates import headline, success_rates


def test_table_and_headline():
    summary = success_rates(trials_of([("svd", 1, 0.0), ("sgd", 1, 0.0)], 3), 0.5)
    cell = summary.query("method == 'svd' and dimension == 3 and samples == 4").iloc[0]
    assert (cell["trials"], cell["successes"], cell["rate"]) == (4, 3, 0.75)
    np.testing.assert_allclose([cell["low"], cell["high"]], [0.194, 0.994], atol=1e-3)
    assert (cell["spectral"], cell["frobenius"]) == (0.1, 0.3)
    assert headline(summary).endswith("5 of 6 cells are no step at N = d")
    exact = success_rates(trials_of([("svd", 1, 0.0)], 4), 0.5)
    assert headline(exact).endswith("every one from N = d on (6 cells)")
