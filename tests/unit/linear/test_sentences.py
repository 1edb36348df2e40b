import pandas as pd
import pytest

from gaussianity.linear.sentences import sentences


def twins(explained=0.64, mixed=0.0, copied=0.1, classes=("a", "b")):
    of_twin = dict(class_mean=0.42, twin=0.37, network=0.21, explained_error=0.01, cosine=0.8)
    rows = [
        dict(compared_with="twin", image_class=name, explained=explained, **of_twin)
        for name in ("all", *classes)
    ]
    rows.append(dict(compared_with="mixed_seeds", image_class="all", explained=-1, cosine=mixed))
    rows.append(
        dict(compared_with="empirical_score", image_class="all", explained=copied, cosine=0.5)
    )
    return pd.DataFrame(rows)


def levels(gaussian=25.0):
    rows = [("forward", "isotropic", 75.0), ("forward", "gaussian", gaussian)]
    frame = pd.DataFrame(rows, columns=["law", "reference", "area"])
    return frame.assign(sigma=0.05)


def test_the_answer_of_several_classes():
    (row,) = sentences(levels(), twins(), source="diffusion").to_dict("records")
    assert row == dict(
        source="diffusion",
        image_class="all",
        sentence=(
            "Of the differences between generated images, the class mean decides 42 %, covariance "
            "and seed 37 %, the network alone 21 % (within a class R² 0.64, 95 % interval 0.62 to "
            "0.66). Mean and covariance of a class account for 67 % of the 75 nats by which the "
            "denoiser differs from that of a single variance, above noise level 0.05."
        ),
    )


def test_one_class_has_no_class_means():
    said = sentences(levels(), twins(classes=("a",)), source="x")["sentence"][0]
    assert "class mean" not in said
    assert "covariance and seed decide 37 %" in said


def test_a_denoiser_further_from_the_covariance_than_from_one_variance():
    said = sentences(levels(gaussian=80.0), twins(), source="x")["sentence"][0]
    assert "further from that of a class's mean and covariance (80 nats)" in said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (dict(mixed=0.5), "resemble twins of other seeds (mean cosine 0.50)"),
        (dict(copied=0.7), "The denoiser may repeat its training images"),
    ],
)
def test_a_control_that_fails_is_said(changes, said):
    found = sentences(levels(), twins(**changes), source="x")["sentence"]
    assert len(found) == 2
    assert said in found[1]
