"""Classes of any name: their files, and their names in the tables."""

import numpy as np
import pandas as pd
import PIL.Image
import yaml

from configuration.class_files import file_names

NAMES = ["fire salamander", "n02123045 tabby", "Löwe", "St.Bernard", "_background_noise_", "NA"]


def test_file_names():
    assert file_names([*NAMES, "3", "03", "cat", "Cat", "fire-salamander", "***", "猫"]) == {
        "fire salamander": "fire-salamander-2",
        "n02123045 tabby": "n02123045-tabby",
        "Löwe": "Lowe",
        "St.Bernard": "St-Bernard",
        "_background_noise_": "background_noise",
        "NA": "NA",
        "3": "3",
        "03": "03",
        "cat": "cat",
        "Cat": "Cat",
        "fire-salamander": "fire-salamander",
        "***": "class",
        "猫": "class-2",
    }


def test_a_study_of_such_classes_names_them_in_its_tables(project):
    generator = np.random.default_rng(0)
    for number, name in enumerate(NAMES[:4]):
        folder = project.folder / "pictures" / name
        folder.mkdir(parents=True)
        for k, pixels in enumerate(generator.integers(0, 100 + 50 * number, (24, 4, 4))):
            PIL.Image.fromarray(pixels.astype(np.uint8)).save(folder / f"{k}.png")
    sizes = dict(images_per_class=24, pools=1, train_sizes=[8], validation_size=4)
    study = dict(
        study="names",
        dataset=dict(reader="auto", path="pictures"),
        sources=[dict(name="data", **sizes)],
        subsets=[dict(name="all_four", classes=NAMES[:4], gram_images_per_class=20)],
        figures=dict(trajectory_classes=NAMES[:1]),
        spectra=dict(fit_ranks=[0.1, 0.9]),
    )
    (project.folder / "names.yaml").write_text(yaml.safe_dump(study, allow_unicode=True))
    shown = ("spectra", "norms", "sample_grid")
    files = [f"results/names/figures/{name}.csv" for name in shown]
    project.succeed("--configfile", "names.yaml", "--", *files)
    folder = project.folder / "results/names"
    assert sorted(path.name for path in (folder / "data").iterdir()) == [
        "Lowe",
        "St-Bernard",
        "fire-salamander",
        "n02123045-tabby",
    ]
    for file in files:
        assert set(pd.read_csv(project.folder / file)["image_class"]) == set(NAMES[:4])
    spectra = pd.read_parquet(folder / "spectra/data/Lowe.parquet")
    assert set(spectra["image_class"]) == {"Löwe"}
