"""One command and no editing: a folder, a file and features, from the path to the page."""

import numpy as np
import PIL.Image
import pytest
import yaml

QUICK = dict(
    classifier=dict(losses=["least_squares"], seeds=1),
    normality=dict(draws=99),
    controls=dict(repetitions=4, fit_sizes=[48]),
    assumptions=dict(sizes=3, replicates=4),
    concentration=dict(bootstrap=20),
)


def rows(count):
    """Images (2 * count, 4, 4) uint8 of two classes, and their labels."""
    generator = np.random.default_rng(0)
    levels = np.repeat([110, 140], count)[:, None, None]
    images = levels + 30 * generator.standard_normal((2 * count, 4, 4))
    return images.clip(0, 255).astype(np.uint8), np.repeat(["cat", "dog"], count)


def folder_of_images(folder):
    for i, (image, label) in enumerate(zip(*rows(60), strict=True)):
        (folder / "my pets" / label).mkdir(parents=True, exist_ok=True)
        PIL.Image.fromarray(image).save(folder / "my pets" / label / f"{i}.png")
    return "my pets", "my_pets"


def file_of_images(folder):
    images, labels = rows(60)
    np.savez(folder / "pets.npz", images=images, labels=labels)
    return "pets.npz", "pets"


def file_of_features(folder):
    images, labels = rows(60)
    values = images.reshape(120, 16).astype(np.float32)
    np.savez(folder / "values.npz", features=values, labels=labels)
    return "values.npz", "values"


def test_a_folder_is_sampled_by_one_command(project):
    """The study is chosen once; jobs use the same file, and their images are the folder's."""
    path, name = folder_of_images(project.folder)
    target = f"results/{name}/data/dog/0.npz"
    printed = project.succeed("--config", f"images={path}", "--", target)
    assert printed.count(f"studies/{name}.yaml: written for {path} (folder, 1 x 4 x 4)") == 1
    assert "classes: cat, dog (all)" in printed
    assert "used as it is" not in printed
    found = np.load(project.folder / target)["images"]
    np.testing.assert_array_equal(
        np.sort(found.sum((1, 2, 3))), np.sort(rows(60)[0][60:].sum((1, 2)))
    )
    again = project.succeed("--config", f"images={path}", "--", target)
    assert f"studies/{name}.yaml: used as it is" in again
    assert "Nothing to be done" in again


def test_a_mistake_is_one_sentence(project):
    done = project.snakemake("--config", "images=absent")
    assert done.returncode != 0
    assert "absent: expected a file or folder of images, found none" in done.stdout
    assert not (project.folder / "studies").exists()


@pytest.mark.slow
@pytest.mark.parametrize("make", [folder_of_images, file_of_images, file_of_features])
def test_one_command_makes_a_page(project, make):
    path, name = make(project.folder)
    (project.folder / "quick.yaml").write_text(yaml.safe_dump(QUICK))
    printed = project.succeed("--configfile", "quick.yaml", "--config", f"images={path}")
    assert f"Report:  results/{name}/report.html" in printed
    study = yaml.safe_load((project.folder / f"studies/{name}.yaml").read_text())
    assert study["subsets"][0]["classes"] == ["cat", "dog"]
    assert study["classifier"]["seeds"] == 5  # the other keys change the run, not the file
