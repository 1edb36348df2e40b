"""The check that no key stands twice in a configuration file; YAML's readers keep the last one."""

from pathlib import Path

import yaml

from gaussianity.errors import InputError


def check_keys(path):
    """Raise an InputError for a key that stands twice in one mapping of a YAML file.

    A file that this parser cannot read is left to Snakemake, which reads other dialects too.
    """
    try:
        root = yaml.compose(Path(path).read_text(encoding="utf-8-sig"), Loader=yaml.CSafeLoader)
    except (OSError, UnicodeError, yaml.YAMLError):
        return
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, yaml.SequenceNode):
            waiting += node.value
        elif isinstance(node, yaml.MappingNode):
            _check_mapping(path, node)
            waiting += [value for _, value in node.value]


def _check_mapping(path, mapping):
    lines = {}
    for key, _ in mapping.value:
        line = key.start_mark.line + 1
        if isinstance(key, yaml.ScalarNode) and key.value in lines:
            raise InputError(
                f"{path}: expected each key once, found {key.value} in line {lines[key.value]} and "
                f"again in line {line}; remove one of the two"
            )
        if isinstance(key, yaml.ScalarNode):
            lines[key.value] = line
