"""The job `dataset` on a folder of image files, against a loop over torchvision's ImageFolder.

python benchmarks/image_files.py [--repeats 5] [--png 20000] [--jpeg 200]

torchvision must be installed beside the environment. The images are synthetic: PNGs of 32 x 32
pixels, and JPEGs of 1,024 x 768. The loop decodes each image and keeps none. The archive is the
loop, after which numpy.savez writes all images. The job writes them too. The runs alternate, each
in a process of its own, with the files in the system's cache. Seconds are wall time and processor
time, the medians over the repeats.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "workflow/scripts/data")]
CLASSES, SIDE = 10, 64


def write_images(folder, count, width, height, suffix):
    """Noise on smooth colours, in one folder per class."""
    import PIL.Image

    generator = np.random.default_rng(0)
    for number in range(count):
        coarse = generator.integers(0, 256, (height // 8, width // 8, 3), dtype=np.uint8)
        smooth = PIL.Image.fromarray(coarse).resize((width, height), PIL.Image.Resampling.BICUBIC)
        noise = generator.integers(-12, 13, (height, width, 3), dtype=np.int16)
        pixels = (np.asarray(smooth) + noise).clip(0, 255).astype(np.uint8)
        path = folder / str(number % CLASSES) / f"{number:06d}.{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        PIL.Image.fromarray(pixels).save(path, quality=90)
    return folder


def loop(folder, size):
    """Every image of torchvision's ImageFolder in turn, scaled by Pillow where a size is given."""
    from torchvision.datasets import ImageFolder

    def scaled(image):
        return image if size is None else image.resize((size, size))

    begin = time.perf_counter(), time.process_time()
    for _ in ImageFolder(folder, transform=scaled):
        pass
    return begin


def archive(folder, size):
    """As `loop`, with all images and labels written to one file."""
    from torchvision.datasets import ImageFolder

    def scaled(image):
        return np.asarray(image if size is None else image.resize((size, size)))

    begin = time.perf_counter(), time.process_time()
    images, labels = zip(*ImageFolder(folder, transform=scaled), strict=True)
    np.savez(Path(folder).with_suffix(".npz"), images=np.stack(images), labels=labels)
    return begin


def job(folder, size):
    """The job `dataset`, whose result is one file."""
    import dataset

    from gaussianity.data.readers.image_files import decoding  # noqa: F401  Pillow, as the loop has

    begin = time.perf_counter(), time.process_time()
    dataset.main(
        dataset=dict(reader="folder", path=folder, resize=size),
        classes=None,
        varied=[str(name) for name in range(CLASSES)],
        dataset_path=Path(folder).with_suffix(".npz"),
    )
    return begin


METHODS = dict(loop=loop, archive=archive, job=job)


def measured(method, folder, size):
    """Wall and processor seconds, and peak memory in MB, of a method in a process of its own."""
    call = [sys.executable, __file__, "--child", json.dumps([method, str(folder), size])]
    run = subprocess.run(call, capture_output=True, text=True, check=True)
    Path(folder).with_suffix(".npz").unlink(missing_ok=True)
    return json.loads(run.stdout.splitlines()[-1])


def child(method, folder, size):
    wall, processor = METHODS[method](folder, size)
    seconds = time.perf_counter() - wall, time.process_time() - processor
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([*seconds, peak]))


def compare(title, folder, size, repeats):
    """Print a line of the table for each method."""
    found = {method: [] for method in METHODS}
    for _ in range(repeats):
        for method, runs in found.items():
            runs.append(measured(method, folder, size))
    for method, runs in found.items():
        wall, processor, peak = (statistics.median(run[k] for run in runs) for k in range(3))
        print(f"| {title} | {method} | {wall:.2f} | {processor:.2f} | {peak:.0f} MB |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--png", type=int, default=20_000)
    parser.add_argument("--jpeg", type=int, default=200)
    parser.add_argument("--child", type=json.loads, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        return child(*given.child)
    print("| images | method | wall, s | processor, s | peak memory |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        small = write_images(Path(folder, "png"), given.png, 32, 32, "png")
        compare(f"{given.png:,} PNGs", small, None, given.repeats)
        large = write_images(Path(folder, "jpeg"), given.jpeg, 1024, 768, "jpeg")
        compare(f"{given.jpeg:,} JPEGs", large, None, given.repeats)
        compare(f"{given.jpeg:,} JPEGs, scaled to {SIDE} pixels", large, SIDE, given.repeats)


if __name__ == "__main__":
    main()
