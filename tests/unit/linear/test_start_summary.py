import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt

from gaussianity.linear.figures import linear_start
from gaussianity.linear.late_starts import FINER, LATE
from gaussianity.linear.start_summary import (
    CHECK,
    KL_LOOSE,
    KL_STRICT,
    LOSS,
    level_means,
    rules,
    start_summary,
    start_table,
)


@pytest.fixture
def images():
    """Two images a comparison, moved by .1 and .3 of the spread, by twice the steps by .2."""
    rows = []
    for compared, step, moved, variance in (
        (LATE, 1, 0.1, 1),
        (LATE, 2, 0.3, 0.9),
        (FINER, 0, 0.2, 1),
    ):
        for image in range(2):
            spread = 4.0 + 2 * image
            of = dict(moved=moved**2 * spread, spread=spread, own_spread=variance * spread)
            of |= dict(image=image, same_vote=1 - image * (step == 2))
            rows.append(dict(compared=compared, step=step, saved=2 * step / 7, **of))
    return pd.DataFrame(rows)


@pytest.fixture
def levels():
    """Levels an e-fold apart, with .004 nats an e-fold, then much more; two equal classes."""
    each = pd.DataFrame(
        dict(
            step=range(4),
            sigma=np.exp([3.0, 2, 1, 0]),
            nats=[0.004, 0.004, 0.02, 5],
            network_loss=[4.0, 3, 2, 1],
            gaussian_loss=[3.0, 2, 3, 4],
        )
    )
    classes = [each.assign(image_class=name) for name in "ab"]
    return level_means(pd.concat(classes))


def test_means_over_the_images(images):
    found = start_summary(images).set_index(["compared", "step"])
    np.testing.assert_allclose(found.loc[LATE, "moved"], [0.1, 0.3])
    np.testing.assert_allclose(found.loc[LATE, "variance"], [1, 0.9])
    np.testing.assert_allclose(found.loc[LATE, "votes"], [1, 0.5])
    np.testing.assert_allclose(found["moved_error"], 0, atol=1e-9)  # the same share of each image


def test_the_error_is_that_of_a_ratio_of_means():
    """Images that moved by 1 and 3 of a spread of 4: the share is .5, its error .25."""
    columns = dict(compared=LATE, step=1, saved=0.1, spread=4.0, own_spread=4.0, same_vote=1)
    (found,) = start_summary(pd.DataFrame([columns | dict(moved=m) for m in (1.0, 3)])).to_dict(
        "records"
    )
    assert found["moved"] == pytest.approx(np.sqrt(0.5))
    assert found["moved_error"] == pytest.approx(0.25 / (2 * np.sqrt(0.5)))


def test_divergence_and_bound(levels):
    np.testing.assert_allclose(levels["kl"], [0, 0.004, 0.016, 2.526])
    np.testing.assert_allclose(levels["bound"], [0, np.sqrt(0.002), np.sqrt(0.008), 1])


def test_where_the_rules_let_a_start_be(images, levels):
    found = rules(start_summary(images), levels)
    assert found == {KL_STRICT: 1, KL_LOOSE: 2, LOSS: 1, CHECK: 1}


def test_no_start_moves_less_than_the_steps(images, levels):
    images.loc[images["compared"] == FINER, "moved"] = 0
    assert rules(start_summary(images), levels)[CHECK] == 0


def test_a_start_after_one_that_moves_too_much_does_not_count(images, levels):
    late = images["compared"] == LATE
    images.loc[late, "moved"] = images.loc[late, "moved"].to_numpy()[[2, 3, 0, 1]]
    assert rules(start_summary(images), levels)[CHECK] == 0


def test_the_table_has_a_row_per_level(images, levels):
    table = start_table(start_summary(images), levels)
    np.testing.assert_array_equal(table["step"], [0, 1, 2, 3, -1])
    np.testing.assert_allclose(table["saved"][:4], np.array([0, 2, 4, 6]) / 7)
    np.testing.assert_allclose(table["moved"], [np.nan, 0.1, 0.3, np.nan, 0.2])
    assert table["rules"][1].split("; ") == [KL_STRICT, LOSS, CHECK]
    assert table["compared"].iloc[-1] == FINER


def test_the_figure_shows_numbers_and_rules(images, levels):
    figure = linear_start.draw(start_table(start_summary(images), levels))
    moved, _, divergence = figure.axes
    drawn = moved.containers[0].lines[0].get_ydata()
    np.testing.assert_allclose(np.asarray(drawn, dtype=float), [0.1, 0.3])
    np.testing.assert_allclose(divergence.get_lines()[0].get_xdata(), 100 * np.array([2, 4, 6]) / 7)
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == [
        f"{KL_STRICT}: σ = 7.4",
        f"{KL_LOOSE}: σ = 2.7",
        f"{LOSS}: σ = 7.4",
        f"{CHECK}: σ = 7.4",
    ]
    plt.close(figure)
