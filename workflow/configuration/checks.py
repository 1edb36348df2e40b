"""Checks that sources and subsets fit together and to the data. Each topic has further checks.

A schema cannot express these conditions. Each function raises an InputError of one sentence.
"""

from gaussianity.errors import InputError


def classified(config):
    """Does a study have classes that a classifier can tell apart?"""
    return any(len(subset["classes"]) > 1 for subset in config["subsets"])


def check_subsets(config, sources, subsets, class_names):
    """Names differ, and the dataset or the denoiser has the classes.

    Args:    sources, subsets - those of the configuration by name; class_names - known classes.
    """
    for part, found in (("sources", {n.lower() for n in sources}), ("subsets", subsets)):
        if len(found) != len(config[part]):
            names = ", ".join(entry["name"] for entry in config[part])
            also = " also without capitals," if part == "sources" else ""  # they name folders
            raise InputError(f"config: {part} must have names that differ,{also} found {names}")
    for name, subset in subsets.items():
        if len(set(subset["classes"])) < len(subset["classes"]):
            raise InputError(
                f"config: subsets: {name}: classes must differ as text, found "
                f"{', '.join(subset['classes'])}"
            )
        if len(subset["classes"]) == 1 and len(subsets) > 1:
            raise InputError(
                f"config: subsets: {name} must have two or more classes, because a study of one "
                f"class has no other subset, found the subsets {', '.join(subsets)}"
            )
        for image_class in subset["classes"]:
            if image_class == "all":
                raise InputError(
                    f"config: subsets: {name} asks for the class 'all', which stands for all "
                    "classes in the tables; give it another name in the dataset"
                )
            if image_class not in class_names:
                raise InputError(
                    f"config: subsets: {name} asks for the class {image_class!r}; the classes "
                    f"are {', '.join(class_names)}"
                )


def check_images_per_class(source, asked, class_counts):
    """No more images are asked for than the smallest class has.

    Args:    source - its name; asked - images per class; class_counts - dict of class to images.
    """
    fewest = min(class_counts, key=class_counts.get)
    if asked > class_counts[fewest]:
        raise InputError(
            f"config: sources: {source}: images_per_class must be at most "
            f"{class_counts[fewest]}, as many as the class {fewest} has, found {asked}"
        )
