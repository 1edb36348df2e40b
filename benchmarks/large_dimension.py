"""Moments and Gaussian samples at the paper's size, against the bare matrix products they need.

python benchmarks/large_dimension.py [--images 10240] [--side 64] [--shard 2048] [--folder FOLDER]

Synthetic uint8 images of one class go through the workflow's own scripts, each in a process of its
own whose time and peak memory are taken. Beside it, in one run, stands the product alone, float32,
of arrays that are in memory: X^T X for the moments, z X for the samples. Then the test of normality
of the class follows, and its spectrum, whose memory is the measure of that test's. FOLDER takes
about 2.5 GB for the default size.
"""

import argparse
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
SCRIPTS = ROOT / "workflow/scripts"
sys.path[:0] = [str(ROOT / "src"), str(SCRIPTS / "moments"), str(SCRIPTS / "distribution")]


def write_images(folder, count, side, shard):
    from gaussianity.io.files import write_npz

    generator = np.random.default_rng(0)
    pattern = generator.standard_normal((3, side, side))
    paths = []
    for start in range(0, count, shard):
        n = min(shard, count - start)
        common = generator.standard_normal((n, 1, 1, 1)) * pattern
        noise = generator.standard_normal((n, 3, side, side))
        images = (128 + 30 * common + 30 * noise).clip(0, 255).astype(np.uint8)
        paths.append(folder / f"{start // shard}.npz")
        write_npz(paths[-1], images=images)
    return paths


def stage_moments(folder, shards, shard):
    import moments

    begin = time.perf_counter()
    moments.main(shard_paths=shards, moments_path=folder / "moments.npz", covariance="sample")
    return time.perf_counter() - begin


def stage_gaussian(folder, shards, shard):
    import gaussian

    sizes = [len(np.load(path)["images"]) for path in shards]
    start = sum(sizes[:shard])
    begin = time.perf_counter()
    gaussian.main(
        moments_path=folder / "moments.npz",
        shard_paths=shards,
        images_path=folder / f"gaussian-{shard}.npz",
        fitted_index=0,
        class_index=0,
        bounds=(start, start + sizes[shard]),
        study_seed=0,
    )
    return time.perf_counter() - begin


def stage_spectra(folder, shards, shard):
    import spectra

    begin = time.perf_counter()
    spectra.main(
        shard_paths=shards,
        spectra_path=folder / "spectra.parquet",
        per_class=images_of(shards),
        fit_ranks=[0.05, 0.5],
        origin="data",
        image_class="0",
    )
    return time.perf_counter() - begin


def stage_normality_null(folder, shards, shard):
    import normality_null

    begin = time.perf_counter()
    normality_null.main(
        null_path=folder / "null.npz",
        known_power_path=folder / "null.parquet",
        images=images_of(shards),
        directions=64,
        draws=999,
        study_seed=0,
    )
    return time.perf_counter() - begin


def stage_normality(folder, shards, shard):
    import normality

    names = ("normality", "directions", "power")
    begin = time.perf_counter()
    normality.main(
        shard_paths=shards,
        gaussian_paths=[folder / f"gaussian-{number}.npz" for number in range(len(shards))],
        null_path=folder / "null.npz",
        table_paths={name: folder / f"{name}.parquet" for name in names}
        | dict(pictures=folder / "pictures.npz"),
        source="data",
        image_class="0",
        settings=dict(most=64, level=0.05, clip=True),
        streams=(0, 0, 0),
    )
    return time.perf_counter() - begin


def images_of(shards):
    return sum(len(np.load(path)["images"]) for path in shards)


def product_moments(folder, shards, shard):
    x = load(shards)
    start = time.perf_counter()
    x.T @ x
    return time.perf_counter() - start


def product_gaussian(folder, shards, shard):
    x = load(shards)
    size = len(load(shards[shard : shard + 1]))
    z = np.random.default_rng(1).standard_normal((size, len(x)), dtype=np.float32)
    start = time.perf_counter()
    z @ x
    return time.perf_counter() - start


def load(shards):
    images = np.concatenate([np.load(shard)["images"] for shard in shards])
    return images.reshape(len(images), -1).astype(np.float32)


STAGES = (stage_moments, stage_gaussian, stage_spectra, stage_normality_null, stage_normality)
TASKS = {f.__name__: f for f in (*STAGES, product_moments, product_gaussian)}


def child(name, folder, shard):
    """Run a task here and print its seconds and the peak memory of this process in MB."""
    shards = sorted(folder.glob("[0-9]*.npz"), key=lambda path: int(path.stem))
    seconds = TASKS[name](folder, shards, shard)
    # Not ru_maxrss, which a process inherits from the one that started it.
    status = Path("/proc/self/status").read_text()
    print("result", seconds, int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024)


def measured(name, folder, shard):
    command = [sys.executable, __file__, "--child", name, "--part", str(shard)]
    done = subprocess.run(
        [*command, "--folder", str(folder)], check=True, capture_output=True, text=True
    )
    seconds, memory = done.stdout.split("result ")[1].split()
    return float(seconds), float(memory)


def report(stage, folder, jobs, matrix):
    """Time of a stage's jobs in turns with the bare products of each, and the largest memory."""
    ours, bare = [], []
    for shard in range(jobs):
        bare.append(measured(f"product_{stage}", folder, shard)[0])
        ours.append(measured(f"stage_{stage}", folder, shard))
    seconds, memory = sum(s for s, _ in ours), max(m for _, m in ours)
    print(
        f"{stage:8}  {jobs:4}  {seconds:7.1f}  {sum(bare):12.1f}  {seconds / sum(bare):5.2f}  "
        f"{memory:7.0f}  {memory / matrix:13.2f}",
        flush=True,
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--images", type=int, default=10240)
    parser.add_argument("--side", type=int, default=64, help="pixels; d = 3 side^2")
    parser.add_argument("--shard", type=int, default=2048)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--child", choices=TASKS, help=argparse.SUPPRESS)
    parser.add_argument("--part", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        return child(options.child, options.folder, options.part)
    d = 3 * options.side**2
    matrix = d * d * 4 / 2**20
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        shards = write_images(Path(folder), options.images, options.side, options.shard)
        print(f"{options.images} images, d = {d}; a (d, d) float32 matrix has {matrix:.0f} MB")
        print("stage     jobs  seconds  bare product  ratio  peak MB  of the matrix")
        report("moments", Path(folder), 1, matrix)
        report("gaussian", Path(folder), len(shards), matrix)
        for stage in ("spectra", "normality_null", "normality"):
            seconds, memory = measured(f"stage_{stage}", Path(folder), 0)
            print(f"{stage:14}  1 job  {seconds:7.1f} s  {memory:7.0f} MB", flush=True)


if __name__ == "__main__":
    main()
