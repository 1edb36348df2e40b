"""Peak memory of the rules as a study grows: 1, 4 and 16 times the images, 4 times the classes.

python benchmarks/memory.py

Runs the workflow to its three pages on synthetic 8-bit images of 28 x 28 pixels with a small
network, and prints the largest peak memory that the jobs of each rule wrote into their logs, of the
rules whose peak grows by more than a tenth. Shards hold 512 images in all runs.
"""

import re
import sys
import tempfile
from pathlib import Path

import numpy as np
import yaml

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests" / "workflow")]

from project import Project  # noqa: E402  a copy of the project in which a study runs

SHARD, SIDE = 512, 28
TARGETS = ("all", "molrg", "manifold")


def write_images(path, classes, per_class):
    """Noise with a pattern per class, uint8."""
    generator = np.random.default_rng(0)
    patterns = generator.uniform(40, 215, (classes, 1, SIDE, SIDE))
    labels = np.repeat(np.arange(classes), per_class)
    images = np.empty((len(labels), 1, SIDE, SIDE), np.uint8)
    for start in range(0, len(labels), SHARD):
        pattern = patterns[labels[start : start + SHARD]]
        noise = generator.normal(0, 20, pattern.shape)
        images[start : start + SHARD] = (pattern + noise).clip(0, 255)
    np.savez(path, images=images, labels=labels)


def study(classes, per_class):
    source = dict(
        images_per_class=per_class,
        pools=1,
        train_sizes=[64, 256],
        validation_size=64,
    )
    names = list(range(classes))
    smoke = yaml.safe_load((ROOT / "workflow/studies/smoke.yaml").read_text())
    return dict(
        study="memory",
        shard_size=SHARD,
        dataset=dict(reader="npz", path="images.npz"),
        sources=[dict(source, name="diffusion"), dict(source, name="data")],
        subsets=[dict(name="pair", classes=names[:2], gram_images_per_class=256)],
        denoiser=smoke["denoiser"],
        sampling=dict(steps=2, batch_size=256, snapshot_steps=[0, 1]),
        classifier=dict(
            losses=["mse", "least_squares"], seeds=1, learning_rates=[1.0], epochs=2, min_steps=1
        ),
        figures=dict(trajectory_classes=names[:2]),
        molrg=smoke["molrg"],
        manifold=smoke["manifold"],
    )


def peaks(folder, classes, per_class):
    """Largest peak memory of each rule's jobs, MB."""
    project = Project(folder)
    write_images(folder / "images.npz", classes, per_class)
    (folder / "memory.yaml").write_text(yaml.safe_dump(study(classes, per_class)))
    project.succeed("--configfile", "memory.yaml", "--", *TARGETS)
    found = {}
    for log in sorted((folder / "logs/memory").rglob("*.log")):
        rule = log.relative_to(folder / "logs/memory").parts[0].removesuffix(".log")
        for peak in re.findall(r"^peak memory: (\d+) MB$", log.read_text(), re.MULTILINE):
            found[rule] = max(found.get(rule, 0), int(peak))
    return found


def main():
    sizes = [(2, SHARD), (2, 4 * SHARD), (2, 16 * SHARD), (8, SHARD)]
    columns = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            columns.append(peaks(Path(folder), *size))
    heads = [f"{classes} x {per_class:,}" for classes, per_class in sizes]
    print(f"| rule | {' | '.join(heads)} | 16 times the images | 4 times the classes |")
    print("|---|" + "---|" * (len(heads) + 2))
    for rule in columns[0]:
        held = [column[rule] for column in columns]
        ratios = held[2] / held[0], held[3] / held[0]
        if max(ratios) > 1.1:
            cells = (*held, *(f"{ratio:.2f}" for ratio in ratios))
            print(f"| {rule} | {' | '.join(map(str, cells))} |")


if __name__ == "__main__":
    main()
