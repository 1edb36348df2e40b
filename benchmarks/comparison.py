"""Our stages against NumPy, torch and scikit-learn alone, and against bare matrix products.

python benchmarks/comparison.py [--dimensions 64 784 3072] [--repeats 5] [--threads 2]

Prints a table in Markdown. Its ratios are of runs side by side, in one process and in turns, with
as many threads on either side, all cores by default: medians of --repeats calls, of fewer where
calls take long. Arrays are in memory on either side: for moments and Gaussian samples uint8 images
for ours and float64 rows in [0, 1] for the others, so that these need no conversion; else the same
rows. `bare` are the matrix products alone that the work needs, of float32 arrays, for spectra and
least squares of float64 ones. With --dimensions 12288 one factorisation of NumPy's
takes some 64 times as long as at 3,072, and three are timed.
"""

import argparse
import math
import os
import platform
import statistics
import sys
import time
from functools import partial
from importlib.metadata import version
from pathlib import Path

import numpy as np
import threadpoolctl
import torch

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / part) for part in ("src", "workflow/scripts/moments", "benchmarks")]

import baselines  # noqa: E402
import gaussian as gaussian_script  # noqa: E402

from gaussianity.classifiers.least_squares import least_squares_classifiers  # noqa: E402
from gaussianity.classifiers.sgd import SGD, Problem, evaluate, sgd_classifiers  # noqa: E402
from gaussianity.classifiers.splits import split_rows  # noqa: E402
from gaussianity.io.images import rows as unit_rows  # noqa: E402
from gaussianity.moments.gaussian import from_covariance, from_rows, normals, uses_rows  # noqa: E402
from gaussianity.moments.moments import image_moments  # noqa: E402
from gaussianity.moments.spectra import covariance_eigenvalues  # noqa: E402

BATCH = 64  # of the published procedures: samples per call, images per step
CLASSES, TRAIN_SIZES = 4, [8, 16, 32, 64, 128, 256, 512, 1024]
HELD = dict(validation_size=256, test_size=512)
EPOCHS, FEWER_EPOCHS = 40, 10  # of the default study; above 1,024 dimensions
ENOUGH = 6.0  # seconds after which a way is not called once more
HEADER = [
    "stage",
    "d",
    "against",
    "theirs, s",
    "ours, s",
    "theirs / ours",
    "bare, s",
    "ours / bare",
]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--dimensions", type=int, nargs="+", default=[64, 784, 3072])
    parser.add_argument("--images", type=int, default=4096, help="of a class, and samples")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--stages", choices=STAGES, nargs="+", default=list(STAGES))
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    threadpoolctl.threadpool_limits(options.threads)
    print(*machine(), sep="\n", end="\n\n")
    line(*HEADER, "remark")
    line(*["---"] * (len(HEADER) + 1))
    for stage in options.stages:
        for d in options.dimensions:
            STAGES[stage](d, options)


def machine():
    """What the seconds are of: processor, cores, threads, versions."""
    text = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    models = [row.split(":")[1].strip() for row in text.splitlines() if "model name" in row]
    yield f"{models[0] if models else platform.processor()}, {os.cpu_count()} cores"
    for pool in threadpoolctl.threadpool_info():
        names = [pool[key] for key in ("internal_api", "version", "architecture") if pool.get(key)]
        yield f"{' '.join(names)}, {pool['num_threads']} threads ({Path(pool['filepath']).name})"
    packages = ", ".join(f"{p} {version(p)}" for p in ("numpy", "scipy", "scikit-learn", "torch"))
    yield f"Python {platform.python_version()}, {packages}"


def line(*cells):
    print("|", *(f"{cell} |" for cell in cells), flush=True)


def row(stage, d, against, theirs, ours, bare, remark=""):
    ratios = f"{theirs / ours:,.1f}", f"{ours / bare:.2f}"
    line(
        stage,
        f"{d:,}",
        against,
        seconds(theirs),
        seconds(ours),
        ratios[0],
        seconds(bare),
        ratios[1],
        remark,
    )


def seconds(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def in_turns(repeats, **ways):
    """Median seconds of each way and what its last call returned, called in turns."""
    times, results = {name: [] for name in ways}, {}
    for _ in range(repeats):
        for name, way in ways.items():
            if sum(times[name]) < ENOUGH:
                start = time.perf_counter()
                results[name] = way()
                times[name].append(time.perf_counter() - start)
    return {name: statistics.median(found) for name, found in times.items()}, results


def images(d, n, classes=1, grain=0):
    """Images of 8 bits (classes * n, C, H, W) with a power spectrum that falls as natural ones do.

    Amplitudes fall as 1 / frequency, so that eigenvalues fall as a power law, and 8 bits leave the
    covariance of full rank. Every class has a mean of its own; grain, the standard deviation of
    every pixel's own noise, makes classes hard to tell apart by fine detail.
    """
    channels = 3 if d % 3 == 0 else 1
    side = math.isqrt(d // channels)
    if channels * side**2 != d:
        raise SystemExit(f"--dimensions: expected side^2 or 3 side^2, found {d}")
    frequency = np.hypot(np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side))
    frequency[0, 0] = 1 / side
    generator = np.random.default_rng([d, n, classes])

    def patterns(count):
        noise = np.fft.rfft2(generator.standard_normal((count, channels, side, side)))
        shaped = np.fft.irfft2(noise / frequency, s=(side, side))
        return shaped / shaped.std()

    found = np.empty((classes, n, channels, side, side), np.uint8)
    for part in found:
        drawn = 128 + 45 * patterns(n) + 8 * patterns(1)
        part[:] = (drawn + grain * generator.standard_normal(drawn.shape)).clip(0, 255)
    return found.reshape(-1, channels, side, side)


def moments_and_gaussian(d, options):
    """Covariance and as many samples as there are images."""
    n, stored = options.images, images(d, options.images)
    rows, single = unit_rows(stored), unit_rows(stored, np.float32)
    generator = np.random.default_rng(0)
    z = generator.standard_normal((n, n if uses_rows(n, d) else d), np.float32)
    root = single if uses_rows(n, d) else single[:d]
    mean, matrix = baselines.covariance(rows)
    error = np.abs(image_moments([stored]).covariance - matrix).max() / np.abs(matrix).max()
    if error > 1e-10:
        raise SystemExit(f"covariance at d = {d}: expected np.cov to 1e-10, found {error:.1e}")
    cholesky = partial(baselines.gaussian_at_once, rows, n, generator, "cholesky")
    timed, batches = max(1, min(n // BATCH, 2_000_000 // d**2)), -(-n // BATCH)
    times, _ = in_turns(
        options.repeats,
        bare=lambda: (single.T @ single, z @ root),
        ours=lambda: our_samples(stored),
        cov=lambda: baselines.covariance(rows),
        batch=lambda: baselines.gaussian_batches(mean, matrix, BATCH, timed, generator),
        svd=lambda: baselines.gaussian_at_once(rows, n, generator),
        mixture=lambda: baselines.gaussian_mixture(rows, n),
        **({"cholesky": cholesky} if n > d else {}),
    )
    published = times["cov"] + times["batch"] * batches / timed
    here = partial(row, "moments and Gaussian", d, ours=times["ours"], bare=times["bare"])
    agreement = f"covariances agree to {error:.0e}"
    here(
        "NumPy as published, factored per batch of 64",
        published,
        remark=f"{timed} of {batches} batches timed; {agreement}",
    )
    here("NumPy, factored once", times["svd"], remark="multivariate_normal's default, an SVD")
    if "cholesky" in times:
        remark = "refuses singular covariances"
        here("NumPy, factored once by Cholesky", times["cholesky"], remark=remark)
    here("scikit-learn GaussianMixture(1)", times["mixture"], remark="fit and sample")


def our_samples(stored):
    """What the rules `moments` and `gaussian` do with a class, in memory."""
    n, moments = len(stored), image_moments([stored])
    if not uses_rows(n, moments.mean.size):
        z = normals(0, 0, 0, range(n), moments.mean.size)
        return from_covariance(z, moments.mean, moments.into_covariance()).astype(np.float32)
    tiles = []
    for start in range(0, n, gaussian_script.TILE):
        z = normals(0, 0, 0, range(start, min(start + gaussian_script.TILE, n)), n, np.float32)
        tiles.append(from_rows(z, moments.mean, row_batches(stored)))
    return np.concatenate(tiles)


def row_batches(stored):
    step = gaussian_script.ROWS
    return (unit_rows(stored[i : i + step], np.float32) for i in range(0, len(stored), step))


def classifiers(d, options):
    """One job: all training sizes and learning rates, on one subset with one seed."""
    per_class = max(TRAIN_SIZES) + sum(HELD.values())
    rows = unit_rows(images(d, per_class, CLASSES, grain=60), np.float32)
    labels = np.repeat(np.arange(CLASSES), per_class)
    split = split_rows(CLASSES, TRAIN_SIZES, **HELD)
    epochs = EPOCHS if d <= 1024 else FEWER_EPOCHS
    sgd = SGD((10 / d, 30 / d, 100 / d), epochs, BATCH)
    problem = Problem(rows, np.eye(CLASSES, dtype=np.float32)[labels], split, "cross_entropy")
    parts = {
        "train": {n: (rows[chosen], labels[chosen]) for n, chosen in split.train.items()},
        "validation": (rows[split.validation], labels[split.validation]),
        "test": (rows[split.test], labels[split.test]),
    }
    ways = dict(
        bare=lambda: bare_steps(rows, sgd),
        ours=lambda: accuracies(problem, sgd_classifiers(problem, sgd, study_seed=0, seed=0)),
        torch=lambda: baselines.torch_loops(parts, sgd),
        sgd=lambda: baselines.sklearn_sgd(parts, sgd),
        logistic=lambda: baselines.sklearn_logistic(parts),
    )
    times, results = in_turns(options.repeats, **ways)
    for against, name in AGAINST.items():
        row(
            "classifiers, cross-entropy",
            d,
            against,
            times[name],
            times["ours"],
            times["bare"],
            f"{epochs} epochs; {accuracy_remark(results['ours'], results[name])}",
        )
    if d <= 1024:
        least_squares(d, problem, parts, options)


AGAINST = {
    "torch, DataLoader and SGD": "torch",
    "scikit-learn SGDClassifier": "sgd",
    "scikit-learn LogisticRegression": "logistic",
}


def least_squares(d, problem, parts, options):
    rows, one_hot, split = problem.rows, problem.one_hot, problem.split
    exact = {n: (x.astype(np.float64), np.eye(CLASSES)[y]) for n, (x, y) in parts["train"].items()}
    times, results = in_turns(
        options.repeats,
        bare=lambda: [x.T @ x if len(x) > d else x @ x.T for x, _ in exact.values()],
        ours=lambda: accuracies(problem, least_squares_classifiers(rows, one_hot, split)),
        lstsq=lambda: baselines.least_squares(parts),
    )
    row(
        "classifiers, least squares",
        d,
        "np.linalg.lstsq",
        times["lstsq"],
        times["ours"],
        times["bare"],
        accuracy_remark(results["ours"], results["lstsq"]),
    )


def accuracies(problem, found):
    """Test accuracies of linear classifiers."""
    weights = [row["parameters"][0][:, None, :] for row in found]
    return [float(evaluate(problem, (part,), problem.split.test)[1][0]) for part in weights]


def accuracy_remark(ours, theirs):
    return (
        f"test accuracy at {TRAIN_SIZES[-1]} per class {ours[-1]:.3f}, theirs {theirs[-1]:.3f}; "
        f"mean {np.mean(ours):.3f}, theirs {np.mean(theirs):.3f}"
    )


def bare_steps(rows, sgd):
    """The products of every step, W X^T and G X, and of every epoch's validation, nothing else."""
    models = CLASSES * len(sgd.learning_rates)
    weights = np.zeros((models, rows.shape[1]), np.float32)
    gradient = np.zeros((models, sgd.batch_size), np.float32)
    batch, validation = rows[: sgd.batch_size], rows[: CLASSES * HELD["validation_size"]]
    for n in TRAIN_SIZES:
        for _ in range(sgd.epochs):
            for _ in range(-(-n * CLASSES // sgd.batch_size)):
                weights @ batch.T
                gradient @ batch
            weights @ validation.T


def spectra(d, options):
    """Eigenvalues of the covariance, with fewer rows than most dimensions and with more."""
    for n in (512, options.images):
        rows = unit_rows(images(d, n))
        times, values = in_turns(
            options.repeats,
            bare=lambda rows=rows: rows.T @ rows if len(rows) > d else rows @ rows.T,
            ours=lambda rows=rows: covariance_eigenvalues([rows], len(rows)),
            numpy=lambda rows=rows: baselines.covariance_eigenvalues(rows),
        )
        ours, theirs = values["ours"], values["numpy"][: len(values["ours"])]
        error = np.abs(ours - theirs).max() / theirs[0]
        row(
            f"spectra, n = {n:,}",
            d,
            "np.cov and eigvalsh",
            times["numpy"],
            times["ours"],
            times["bare"],
            f"agree to {error:.0e} of the largest; bare in float64",
        )


STAGES = {"gaussian": moments_and_gaussian, "classifiers": classifiers, "spectra": spectra}


if __name__ == "__main__":
    main()
