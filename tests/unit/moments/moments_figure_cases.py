"""Made-up tables of the figures of moments, and the figures drawn from them."""

import itertools

import numpy as np
from figure_cases import ALL, CLASSES, DATA, FOUR, SUBSETS, product

from gaussianity.moments.figures import eigenfaces, gram, norms, quantisation, spectra
from gaussianity.moments.quantisation import stored_eigenvalues


def eigenvalues(count=64, **domains):
    frame = product(**domains, rank=np.arange(1, count + 1))
    return frame.assign(eigenvalue=3.0 * frame["rank"] ** -1.5, exponent=1.5)


def draw_spectra(count, origins):
    frame = eigenvalues(image_class=CLASSES[count], origin=origins)
    return spectra.draw(spectra.table(frame))


def draw_gram(count, origins):
    return gram.draw(gram.table(eigenvalues(subset=SUBSETS[count], origin=origins)))


def draw_quantisation(images, side, spread=0.2):
    generator = np.random.default_rng(0)
    pixels = generator.normal(0.3, spread, (images, side**2)) * np.linspace(1, 1e-4, side**2)
    summary = stored_eigenvalues(pixels.reshape(images, 1, side, side).astype(np.float32))
    return quantisation.draw(summary, "english_springer")


def norms_of(classes, origins):
    generator = np.random.default_rng(0)
    return {key: generator.normal(50, 5, 300) for key in itertools.product(classes, origins)}


def draw_norms(count, origins):
    return norms.draw(norms_of(CLASSES[count], origins))


def faces_of(classes, sources, vectors, shape):
    generator = np.random.default_rng(0)
    return {
        key: dict(
            mean=generator.uniform(0, 1, shape),
            vectors=generator.normal(0, 0.1, (vectors, *shape)),
            eigenvalues=np.arange(vectors, 0, -1.0),
            trace=20.0,
        )
        for key in itertools.product(classes, sources)
    }


def draw_eigenfaces(count, sources, vectors=5, shape=(1, 8, 8)):
    faces = faces_of(CLASSES[count], sources, vectors, shape)
    return eigenfaces.draw(faces, eigenfaces.table(faces))


CASES = [
    (draw_gram, 3, ALL),
    *itertools.product([draw_spectra, draw_norms], [2, 10], [FOUR]),
    (draw_eigenfaces, 7, ["diffusion", "data"], 9),
    (draw_quantisation, 16, 8),
]
LONGER = [
    *itertools.product([draw_spectra, draw_norms], [2, 10, 20], [DATA, ALL]),
    *itertools.product([draw_spectra, draw_norms], [20], [FOUR]),
    *itertools.product([draw_gram, draw_spectra, draw_norms], [1], [ALL, DATA]),
    (draw_gram, 20, ALL),
    (draw_gram, 3, DATA),
    (draw_spectra, 7, ALL),
    (draw_eigenfaces, 1, ["diffusion", "data"]),
    (draw_eigenfaces, 10, ["data"], 5, (3, 8, 8)),
    (draw_quantisation, 50, 4, 1e-5),
    (draw_quantisation, 200, 8),
]
