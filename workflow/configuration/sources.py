"""The sources of a study's images: what each comes from, and where its files are.

`diffusion` is the study's own denoiser and `data` its own dataset. Their files are in the study's
folder. Another source has the same files in a folder of its own.
"""

from configuration.given_denoiser import GIVEN
from configuration.sampling import with_snapshot_steps
from configuration.topic import only
from gaussianity.data.datasets import READERS
from gaussianity.errors import InputError

DENOISER, DATASET = "denoiser", "dataset"
STANDARD = {"diffusion": DENOISER, "data": DATASET}
OWN = (DENOISER, DATASET, "sampling", "from")  # keys that a standard source does not have
NO_DATASET = dict(
    reader="auto", path=None, labels=None, range=None, background=None, resize=None, channels=None
)


class Source:
    """One entry of config["sources"].

    name; entry - its section; is_sampled - does it come from a denoiser; folder - of its files in
    the study's folder, "" or "sources/NAME/"; home - the folder of the denoiser or dataset that it
    comes from; section - of that denoiser or dataset; sampling - settings of its sampler.

    Raises:  InputError - the keys do not say what the source comes from.
    """

    def __init__(self, config, entry):
        self.name, self.entry = entry["name"], entry
        self.kind = _kind(entry)
        self.is_sampled = self.kind == DENOISER
        self.folder = "" if self.name in STANDARD else f"sources/{self.name}/"
        self.home = self.folder if self.kind in entry else ""
        self.section = _section(config, entry, self.kind)
        self.sampling = with_snapshot_steps(config["sampling"] | entry.get("sampling", {}))

    @property
    def images(self):
        """Folder of the images' shards, class by class."""
        return f"{self.folder}{'sampling' if self.is_sampled else 'data'}"


def dataset_key(home):
    """Where the configuration has a dataset, in words."""
    return f"config: sources: {home.split('/')[1]}: dataset" if home else "config: dataset"


def datasets_of(config, parts, is_made):
    """The sections of all datasets that a study reads, by their home; the study's own first.

    Args:    parts - the Sources; is_made - is a denoiser made from the study's dataset?
    Raises:  InputError - a path is missing, or one is given that the reader does not take.
    """
    found = {part.home: part.section for part in parts if not part.is_sampled}
    if is_made:
        found = {"": config[DATASET]} | found
    found = dict(sorted(found.items(), key=lambda item: item[0] != ""))
    for home, section in found.items():
        check_paths(dataset_key(home), section)
    return found


def check_paths(key, section):
    """The paths of a dataset are those that its reader takes."""
    reader = READERS.get(section["reader"])
    if reader is None:  # auto: it depends on what is found
        if section["path"] is None:
            raise InputError(f"{key}.path: expected the path of images, found null; set it")
        return
    for name in ("labels", "path"):
        if name not in reader.takes and name not in reader.may_take and section[name] is not None:
            raise InputError(
                f"{key}.{name} must be null for the reader {section['reader']}, found "
                f"{section[name]!r}"
            )
        if name in reader.takes and section[name] is None:
            raise InputError(
                f"{key}.{name}: expected the path of {reader.takes[name]}, found null; set it in "
                "the study"
            )


def _kind(entry):
    """What a source comes from: DENOISER or DATASET."""
    name = entry["name"]
    own = [key for key in OWN if key in entry]
    if name in STANDARD:
        if own:
            raise InputError(
                f"config: sources: {name} is the study's own {STANDARD[name]} and cannot have the "
                f"key {own[0]}; give the source another name"
            )
        return STANDARD[name]
    kinds = {key for key in (DENOISER, DATASET) if key in entry}
    kinds |= {entry["from"]} if "from" in entry else set()
    if len(kinds) != 1:
        raise InputError(
            f"config: sources: {name} must have one of the keys {DENOISER} or {DATASET} (its own), "
            f"or from: {DENOISER} or from: {DATASET} (the study's), found "
            f"{', '.join(own) or 'none of them'}"
        )
    (kind,) = kinds
    if kind == DATASET and "sampling" in entry:
        raise InputError(
            f"config: sources: {name} comes from a dataset and cannot have the key sampling"
        )
    return kind


def _section(config, entry, kind):
    """The section of the denoiser or dataset that a source comes from."""
    given = entry.get(kind)
    if given is None:
        return config[kind]
    if kind == DATASET:
        return NO_DATASET | given
    shared = only(config[DENOISER], "sigma_data", "network", "training")
    both_given = given["kind"] in GIVEN and config[DENOISER]["kind"] in GIVEN
    nothing = dict(path=None, labels=None, image_shape=None)
    inherited = only(config[DENOISER], "labels", "image_shape") if both_given else {}
    return nothing | shared | inherited | given
