"""Pixels of image files as a viewer shows them."""

import io

import numpy as np
import PIL.Image
import pytest

from gaussianity.data.datasets import GivenDataset, read_dataset
from gaussianity.data.readers.image_files.decoding import decoded, fill, header
from gaussianity.errors import InputError

GREY = np.arange(60, dtype=np.uint8).reshape(6, 10) * 4


def pixels_of(content, **options):
    image, is_grey = decoded("image", content, **options)
    pixels = np.empty((1, len(image.getbands()), *image.size[::-1]), np.uint8)
    fill(pixels, [image])
    return pixels[0], is_grey


def saved(image, kind="png", **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


@pytest.mark.parametrize(("orientation", "turns"), [(1, 0), (3, 2), (6, 1), (8, 3)])
def test_orientation(orientation, turns):
    """A camera that was held upright stores the image lying down."""
    exif = PIL.Image.Exif()
    exif[0x0112] = orientation
    stored = np.ascontiguousarray(np.rot90(GREY, turns))
    content = saved(PIL.Image.fromarray(stored), exif=exif)
    pixels, _ = pixels_of(content, channels=1)
    np.testing.assert_array_equal(pixels[0], GREY)
    assert header("photo", content) == (1, 6, 10)


@pytest.mark.parametrize("kind", ["png", "gif"])
def test_grey_in_a_palette(kind):
    content = saved(PIL.Image.fromarray(GREY).convert("P"), kind)
    assert header("image", content) == (1, 6, 10)
    np.testing.assert_array_equal(pixels_of(content, channels=1)[0][0], GREY)


def test_colour_in_a_palette():
    colours = np.stack([GREY, GREY // 2, GREY // 3], axis=2)
    image = PIL.Image.fromarray(colours).quantize(60)
    content = saved(image)
    assert header("image", content)[0] == 3
    pixels, is_grey = pixels_of(content)
    np.testing.assert_array_equal(pixels, np.asarray(image.convert("RGB")).transpose(2, 0, 1))
    assert not is_grey


def drawn_in_alpha():
    pixels = np.zeros((6, 10, 4), dtype=np.uint8)
    pixels[..., 3] = GREY
    return saved(PIL.Image.fromarray(pixels))


def test_transparency_needs_a_background():
    with pytest.raises(
        InputError, match=r"cut: expected an image without transparent .*background"
    ):
        decoded("cut", drawn_in_alpha())


def test_transparency_on_a_background():
    """Black of opacity a on the colour b is b (1 - a)."""
    pixels, _ = pixels_of(drawn_in_alpha(), background=[255, 100, 0])
    share = 1 - GREY / 255
    expected = np.stack([255 * share, 100 * share, 0 * share])
    np.testing.assert_allclose(pixels, expected, atol=1)


def test_opaque_alpha_needs_no_background():
    image = PIL.Image.fromarray(GREY).convert("RGBA")
    np.testing.assert_array_equal(pixels_of(saved(image), channels=1)[0][0], GREY)


def test_animation_is_refused():
    frames = [PIL.Image.fromarray(GREY), PIL.Image.fromarray(GREY[::-1].copy())]
    content = saved(frames[0], "gif", save_all=True, append_images=frames[1:])
    with pytest.raises(InputError, match="cat: expected one image, found 2 frames of an animation"):
        decoded("cat", content)


def test_an_unknown_format():
    with pytest.raises(InputError, match=r"^cat: expected a readable image: its format is not kno"):
        decoded("cat", b"no image")


def write_images(folder, images):
    for i, image in enumerate(images):
        file = folder / "ab"[i % 2] / "images" / f"{i}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        PIL.Image.fromarray(image).save(file)
    return folder


def test_grey_images_among_colour_ones_are_colour(tmp_path, capsys):
    colour = np.stack([GREY, GREY // 2, GREY // 3], axis=2)
    data = read_dataset("folder", write_images(tmp_path, [colour, GREY, colour, colour]))
    np.testing.assert_array_equal(data.of_class("b")[0], np.stack([GREY] * 3))
    assert capsys.readouterr().out == "1 of 4 images are grey and are taken as colour\n"


def test_a_colour_image_that_no_header_told(tmp_path, monkeypatch):
    """The common shape comes from some images. The others are compared while they are read."""
    monkeypatch.setattr("gaussianity.data.readers.image_files.reader.HEADERS", 2)
    colour = np.stack([GREY, GREY // 2, GREY // 3], axis=2)
    path = write_images(tmp_path, [GREY, GREY, colour, GREY])
    with pytest.raises(InputError, match=r"a/images/2\.png: expected a grey image, .*channels"):
        read_dataset("folder", path)
    assert read_dataset("folder", path, channels="rgb").images.shape == (4, 3, 6, 10)
    assert GivenDataset("folder", path, channels="grey").image_shape() == (1, 6, 10)


def test_hidden_files_are_no_images(tmp_path):
    path = write_images(tmp_path, [GREY] * 2)
    (path / "a" / "images" / "._0.png").write_bytes(b"macOS")
    (path / ".cache").mkdir()
    (path / ".cache" / "0.png").write_bytes(b"")
    assert len(read_dataset("folder", path).images) == 2
