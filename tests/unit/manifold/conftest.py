"""A table of clones that several test files share."""

import numpy as np
import pandas as pd
import pytest

from gaussianity.manifold.measured import agreement
from gaussianity.manifold.measured.cases import CASE
from gaussianity.manifold.theory.speciation import clone_agreement as phi


@pytest.fixture(scope="module")
def summary():
    case = dict(zip(CASE, ("one", "linear", 8, 4, 10, 1.0, 0.5, True), strict=True))
    times = np.linspace(0.1, 3, 7)
    # |F mu|^2 = 4 = Lambda: D = 4 e^-2t / (e^-2t + 1 - e^-2t).
    exact = phi(4 * np.exp(-2 * times))
    theory = dict(spectral=np.log(4) / 2, potential=np.log(8) / 2)
    speciations = pd.concat(
        pd.DataFrame(dict(case, seed=seed, time=times, same_class=exact + shift, **theory))
        for seed, shift in ((0, -0.01), (1, 0.01))
    )
    curve = dict(same_class=exact, participation=exact**2, same_class_error=0.01)
    curves = pd.DataFrame(case | dict(time=times, participation_error=0.02, **curve, **theory))
    pairs = dict(same_class=[0.6, 0.9], same_class_error=0.02, same_point=0.1, same_point_error=0.3)
    clones = pd.DataFrame(case | dict(time=[2.0, 0.5], **pairs))
    return agreement.agreement_table(speciations, curves, clones)
