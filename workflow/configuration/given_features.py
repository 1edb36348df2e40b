"""Features of images: their network, its files and the number of features.

Known before any job starts and without torch.
"""

import importlib.util
import os

from configuration.given_denoiser import own_code
from gaussianity.errors import InputError

TORCHVISION = "torchvision.models:"


class GivenFeatures:
    """The features that config["features"] describes, where features.module is set.

    Raises:  InputError - a key that the kind of network needs is null, or one that it does not take
             is not.
    """

    def __init__(self, config):
        self.config, self.module, self.size = config, config["module"], config["size"]
        self.weights = config["weights"]
        self.is_torchvision = self.module.startswith(TORCHVISION)
        if self.size is None:
            raise _mistake("size", "the number of features of an image", "is set", None)
        if self.is_torchvision and self.weights is None:
            raise _mistake("weights", "the file of the model's weights", "is torchvision's", None)
        if not self.is_torchvision and config["resize"] is not None:
            raise _mistake("resize", "null", "is not torchvision's", config["resize"])

    @property
    def settings(self):
        """Arguments of gaussianity.data.features.Features."""
        keys = ("size", "weights", "resize")
        return dict(name=self.module, **{key: self.config[key] for key in keys})

    @property
    def side(self):
        """Pixels a side that images are scaled to; 0 where they are left as they are."""
        return (self.config["resize"] or 224) if self.is_torchvision else 0

    @property
    def weights_bytes(self):
        """Size of the weights' file; 0 where there is none, or none yet."""
        exists = self.weights is not None and os.path.isfile(self.weights)
        return os.path.getsize(self.weights) if exists else 0

    @property
    def files(self):
        """The network's weights and its code in the project. These files must exist."""
        found = []
        if not self.is_torchvision:
            found += own_code(self.module, "features.module")
        elif importlib.util.find_spec("torchvision") is None:
            raise InputError(
                f"config: features.module {self.module} needs torchvision, which is not installed; "
                "pip install torchvision, or name a module of your own"
            )
        if self.weights is not None:
            if not os.path.isfile(self.weights):
                raise InputError(
                    f"{self.weights}: expected the weights of {self.module} (features.weights), "
                    "found no such file"
                )
            found.append(self.weights)
        return found


def given_features(config):
    """The GivenFeatures of config["features"]; None where statistics are of pixels.

    Raises:  InputError - there is no module, but what only one has.
    """
    if config["module"] is not None:
        return GivenFeatures(config)
    for key in ("weights", "size", "resize"):
        if config[key] is not None:
            raise _mistake(key, "null", "is null", config[key])
    return None


def _mistake(key, expected, where, found):
    return InputError(
        f"config: features.{key} must be {expected} where features.module {where}, found "
        f"{'null' if found is None else repr(found)}"
    )
