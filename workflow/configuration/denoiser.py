"""A denoiser of a study: made from the dataset or given, its labels, files and settings."""

from typing import ClassVar

from configuration.given_denoiser import GIVEN, GivenDenoiser, require_made
from configuration.topic import Topic, in_source, only
from gaussianity.errors import InputError
from gaussianity.networks.adm_layout import adm_layout, heads_of
from gaussianity.networks.layout import check_resolution

# The keys of config["denoiser"] that a kind of denoiser is made from.
KEYS = {
    "unet": ("sigma_data", "network", "training"),
    "random": ("sigma_data", "network", "image_shape"),
    "callable": ("path", "image_shape"),
    "diffusers": ("path", "image_shape"),
    "file": ("image_shape",),
    "gaussian": (),
}
SIZES_OF_LAYOUT = ("model_channels", "channel_mult", "num_blocks", "attention_resolutions")


class Denoiser(Topic):
    """config["denoiser"], or the denoiser of a source of its own.

    Args:    section - of the denoiser; home - folder of its files in the study's folder, "" for the
             study's own; is_used - whether a source comes from it.
    Raises:  InputError - it names what only another kind of denoiser has.
    """

    FILES: ClassVar = {
        "denoiser": "{own}denoiser.safetensors",
        "description": "{own}denoiser.json",
        "training": "{own}denoiser_training.parquet",
    }

    def __init__(self, study, section, home, is_used):
        super().__init__(study)
        self.section, self.home, self.is_used = section, home, is_used
        self.kind = self.section["kind"]
        is_given = self.is_used and self.kind in GIVEN
        self.is_made = self.is_used and not is_given  # from the dataset's images
        if self.is_made:
            require_made(self.section)
        self.given = GivenDenoiser(self.section) if is_given else None
        self.inputs = [] if is_given else [study.path("dataset.npz")]
        self.class_labels = {}  # once the classes are known

    def file(self, name):
        """The file of a name in FILES."""
        return self.files(name, [dict(own=self.home)])[0]

    def check(self):
        with in_source(self.home):
            if self.given is not None and self.study.uses_dataset:
                check_image_shape(tuple(self.given.image_shape), self.study.image_shape)
            if self.is_used and self.kind in ("unet", "random"):
                check_network(self.study.image_shape, self.section["network"])

    def find_files(self):
        """`inputs`: the files that the denoiser is made from."""
        if self.given is not None:
            self.inputs = self.given.files

    @property
    def given_files(self):
        """The user's files among `inputs`."""
        return [] if self.given is None else self.inputs

    def find_labels(self, class_names, classes):
        """`class_labels`, the denoiser's label of each class: the label in a given denoiser, else
        the position of the class among the dataset's classes."""
        if self.given is None:
            self.class_labels = {name: class_names.index(name) for name in classes}
        else:
            self.class_labels = given_labels(self.given, classes)

    @property
    def label_dim(self):
        """Number of labels of a denoiser that does not record this number.

        All labels of the configuration count, also those that no subset uses.
        """
        labels = (self.section["labels"] or self.class_labels).values()
        return max((label + 1 for label in labels if label is not None), default=0)

    @property
    def code(self):
        """Files that the denoiser reads while sampling. The rules declare these files as inputs."""
        return self.inputs if self.kind in ("callable", "diffusers") else []

    @property
    def settings(self):
        """The keys that this kind of denoiser is made from."""
        settings = only(self.section, "kind", *KEYS[self.kind])
        if self.kind in ("random", "callable", "diffusers"):
            settings["label_dim"] = self.label_dim
        if self.kind == "file":  # names stay with the denoiser, so that other studies find them
            settings["labels"] = self.section["labels"]
        return settings


def given_labels(given, classes):
    """Label of each class in a given denoiser; None in an unconditional one, of one class.

    Raises:  InputError - the denoiser lacks a class, or two classes have one label or none.
    """
    known = given.labels(classes)
    unknown = [name for name in classes if name not in known]
    if unknown:
        raise InputError(
            f"{given.path or 'config: denoiser.labels'}: expected a denoiser of the classes "
            f"{', '.join(classes)}, found no {', '.join(unknown)} among {', '.join(known)}"
        )
    labels = {name: known[name] for name in classes}
    if len(labels) > 1 and None in labels.values():
        raise InputError(
            "config: denoiser.labels must be numbers where there are several classes, found "
            f"{labels}"
        )
    if len(set(labels.values())) < len(labels):
        raise InputError(f"config: denoiser.labels must differ between classes, found {labels}")
    return labels


def check_image_shape(denoised, image_shape):
    """A given denoiser's images have the shape of the dataset's."""
    if denoised != image_shape:
        raise InputError(
            f"config: denoiser.image_shape must be {list(image_shape)} as the dataset's "
            f"images are, found {list(denoised)}"
        )


def check_network(image_shape, network):
    """The U-Net of config["denoiser"]["network"] fits to images of shape (C, H, W)."""
    _, height, width = image_shape
    if height != width:
        raise InputError(
            f"config: denoiser.network: images must be square for a U-Net, found {height} x "
            f"{width}; use images of another shape or another denoiser.kind"
        )
    try:
        check_resolution(height, network["channel_mult"])
    except ValueError as error:
        raise InputError(f"config: denoiser.network: {error}") from None
    sizes = (network[key] for key in SIZES_OF_LAYOUT)
    layout = adm_layout(height, *sizes)
    for size in (*layout.encoder, *layout.middle, *layout.decoder):
        heads = heads_of(size, network["channels_per_head"])
        if heads and size.outputs % heads:
            raise InputError(
                f"config: denoiser.network: channels_per_head {network['channels_per_head']} gives "
                f"{heads} heads of attention, which do not divide {size.outputs} channels"
            )
