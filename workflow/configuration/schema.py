"""The closed schema of the configuration, and what it refuses in one sentence."""

import functools
import math
import os
import re
from pathlib import Path

import jsonschema
import yaml

from gaussianity.errors import InputError

TYPES = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "an integer",
    "null": "null",
    "number": "a number",
    "object": "a mapping of keys",
    "string": "text",
}
ROOT = Path(__file__).parents[2]
EXPONENT = re.compile(r"([-+]?\d+\.?\d*)[eE]([-+]?)(\d+)")
SCHEMA = ROOT / "workflow" / "schemas" / "config.schema.yaml"


@functools.cache  # it takes longer to read than to check a configuration against it
def _schema():
    return yaml.safe_load(SCHEMA.read_text())


def with_defaults(config):
    """The configuration with every key that it does not name, as the Snakefile's configfiles give
    them."""
    complete = {}
    for path in (ROOT / "config.yaml", *sorted(ROOT.glob("workflow/defaults/*.yaml"))):
        complete |= yaml.safe_load(path.read_text())
    return updated(complete, config)


def updated(config, changes):
    """Mappings are merged key by key, all else is replaced, as Snakemake does."""
    both = config | changes
    for key in config.keys() & changes.keys():
        if isinstance(config[key], dict) and isinstance(changes[key], dict):
            both[key] = updated(config[key], changes[key])
    return both


def normalise(config):
    """Write integers such as 2.0 as 2, and ~ as the home folder, in place."""
    _normalised(config, _schema())


def _normalised(value, schema):
    """The value; dicts and lists are changed in place. schema - of the value."""
    schema = _resolved(schema)
    if isinstance(value, dict):
        known, others = schema.get("properties", {}), schema.get("additionalProperties")
        for key, inner in value.items():
            value[key] = _normalised(inner, known.get(key, others) or {})
    elif isinstance(value, list):
        value[:] = [_normalised(inner, schema.get("items", {})) for inner in value]
    elif isinstance(value, float) and value.is_integer() and _is_integer(schema):
        return int(value)
    elif isinstance(value, str) and value.startswith("~/"):
        return os.path.expanduser(value)
    return value


def _resolved(schema):
    """A part of the schema with the definition that it refers to."""
    if "$ref" not in schema:
        return schema
    path = schema["$ref"].removeprefix("#/").split("/")
    return functools.reduce(lambda part, key: part[key], path, _schema()) | schema


def _is_integer(schema):
    types = _listed(schema.get("type"))
    return "integer" in types and "number" not in types


def check_schema(config):
    """Raise an InputError that names the first key that the closed schema refuses."""
    schema = _schema()
    errors = jsonschema.Draft202012Validator(schema).iter_errors(config)
    error = jsonschema.exceptions.best_match(errors)
    if error is not None:
        raise InputError(_sentence(error, schema))
    _check_finite(config, "config:")


def _check_finite(part, key):
    """Raise an InputError for .nan and .inf, which every bound of a schema lets through."""
    if isinstance(part, float) and not math.isfinite(part):
        raise InputError(f"{key} must be a finite number, found {part}")
    if isinstance(part, list):
        part = dict(enumerate(part))
    if isinstance(part, dict):
        for name, inner in part.items():
            _check_finite(inner, f"{key} {name}" if key == "config:" else f"{key}.{name}")


def _listed(value):
    return value if isinstance(value, list) else [value]


def _sentence(error, schema):
    key = ".".join(str(part) for part in error.absolute_path)
    if error.validator == "additionalProperties":
        unknown = sorted(set(error.instance) - set(error.schema["properties"]))
        names = ", ".join(f"{key}.{name}" if key else name for name in unknown)
        return f"config: unknown key {names}; allowed are {', '.join(error.schema['properties'])}"
    if error.validator == "required":
        missing = sorted(set(error.validator_value) - set(error.instance))
        return f"config: {key or 'top level'} lacks the key {', '.join(missing)}"
    meaning = error.schema.get("description")
    expected = {
        "type": lambda value: f"be {' or '.join(TYPES[v] for v in _listed(value))}",
        "enum": lambda value: f"be one of {', '.join(str(v) for v in value)}",
        "minimum": lambda value: f"be at least {value}",
        "maximum": lambda value: f"be at most {value}",
        "exclusiveMinimum": lambda value: f"be above {value}",
        "exclusiveMaximum": lambda value: f"be below {value}",
        "multipleOf": lambda value: f"be a multiple of {value}",
        "minLength": lambda value: f"have {value} or more signs",
        "minItems": lambda value: f"have {value} or more items",
        "maxItems": lambda value: f"have {value} or fewer items",
        "uniqueItems": lambda value: "have items that differ",
        "contains": lambda value: f"have the item {value['const']}",
        "pattern": lambda value: "begin with a letter or digit and hold only these and _",
    }[error.validator](error.validator_value)
    return (
        f"config: {key} must {expected}, found {error.instance!r}"
        + (f" ({meaning})" if meaning else "")
        + _hint(error)
    )


def _hint(error):
    """How a number such as 1e-4, which is text in YAML 1.1, is written."""
    parts = EXPONENT.fullmatch(error.instance) if isinstance(error.instance, str) else None
    if error.validator != "type" or parts is None:
        return ""
    digits, sign, exponent = parts.groups()
    digits = digits if "." in digits else f"{digits}.0"
    return f"; in YAML this is text, write {digits}e{sign or '+'}{exponent}"
