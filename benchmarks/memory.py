"""Peak memory of every rule as a study grows: 1, 4 and 16 times the images, 4 times the classes.

python benchmarks/memory.py [--images 512] [--side 28] [all | molrg manifold]

Runs the workflow to its report, or to the papers' pages, on synthetic 8-bit images of 28 x 28
pixels with a small network (random for the report, trained for the pages, which train another like
it), and prints the largest peak memory that the jobs of each rule wrote into their logs. Shards
hold 512 images in all runs.
"""

import argparse
import re
import sys
import tempfile
from pathlib import Path

import numpy as np
import yaml

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests" / "workflow")]

from project import Project  # noqa: E402  a copy of the project in which a study runs

SHARD = 512


def write_images(path, classes, per_class, side):
    """Noise with a pattern per class, uint8."""
    generator = np.random.default_rng(0)
    patterns = generator.uniform(40, 215, (classes, 1, side, side))
    labels = np.repeat(np.arange(classes), per_class)
    images = np.empty((len(labels), 1, side, side), np.uint8)
    for start in range(0, len(labels), SHARD):
        pattern = patterns[labels[start : start + SHARD]]
        noise = generator.normal(0, 20, pattern.shape)
        images[start : start + SHARD] = (pattern + noise).clip(0, 255)
    np.savez(path, images=images, labels=labels)


def study(targets, classes, per_class, side):
    source = dict(
        images_per_class=per_class,
        pools=1,
        train_sizes=[64, 256],
        validation_size=64,
        test_size=128,
    )
    names = list(range(classes))
    smoke = yaml.safe_load((ROOT / "workflow/studies/smoke.yaml").read_text())
    random = dict(kind="random", image_shape=[1, side, side], network=dict(model_channels=8))
    return dict(
        study="memory",
        shard_size=SHARD,
        dataset=dict(reader="npz", path="images.npz"),
        sources=[dict(source, name="diffusion"), dict(source, name="data")],
        subsets=[dict(name="pair", classes=names[:2], gram_images_per_class=256)],
        denoiser=random if targets == ["all"] else smoke["denoiser"],
        sampling=dict(steps=2, batch_size=256, snapshot_steps=[0, 1]),
        classifier=dict(losses=["mse", "least_squares"], seeds=1, learning_rates=[1.0], epochs=2),
        figures=dict(trajectory_classes=names[:2]),
        molrg=smoke["molrg"],
        manifold=smoke["manifold"],
    )


def peaks(folder, targets, classes, per_class, side):
    """Largest peak memory of each rule's jobs, MB."""
    project = Project(folder)
    write_images(folder / "images.npz", classes, per_class, side)
    (folder / "memory.yaml").write_text(yaml.safe_dump(study(targets, classes, per_class, side)))
    project.succeed("--configfile", "memory.yaml", "--", *targets)
    found = {}
    for log in sorted((folder / "logs/memory").rglob("*.log")):
        rule = log.relative_to(folder / "logs/memory").parts[0].removesuffix(".log")
        for peak in re.findall(r"^peak memory: (\d+) MB$", log.read_text(), re.MULTILINE):
            found[rule] = max(found.get(rule, 0), int(peak))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=SHARD, help="per class, at size 1")
    parser.add_argument("--side", type=int, default=28, help="pixels")
    parser.add_argument("targets", nargs="*", default=["all"], help="all, molrg, manifold")
    given = parser.parse_args()
    sizes = [(2, given.images), (2, 4 * given.images), (2, 16 * given.images), (8, given.images)]
    columns = []
    for classes, per_class in sizes:
        with tempfile.TemporaryDirectory() as folder:
            columns.append(peaks(Path(folder), given.targets, classes, per_class, given.side))
    heads = [f"{classes} x {per_class:,}" for classes, per_class in sizes]
    print(f"| rule | {' | '.join(heads)} | 16 times the images | 4 times the classes |")
    print("|---|" + "---|" * (len(heads) + 2))
    for rule in columns[0]:
        held = [column[rule] for column in columns]
        ratios = f"{held[2] / held[0]:.2f} | {held[3] / held[0]:.2f}"
        print(f"| {rule} | {' | '.join(str(mb) for mb in held)} | {ratios} |")


if __name__ == "__main__":
    main()
