"""The resolved recipe as YAML that reads back to the same values, by YAML 1.1 readers too."""

from __future__ import annotations

from typing import Any

import yaml

from lightmill.recipe.distributions import NAMES
from lightmill.recipe.scalars import resolve


class _Dumper(yaml.SafeDumper):
    """PyYAML's dumper, which quotes what either version of YAML would not read as text."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def represent_mapping(self, tag: str, mapping: Any, flow_style: bool | None = None) -> yaml.MappingNode:
        drawn = any(name in mapping for name in NAMES)
        return super().represent_mapping(tag, mapping, flow_style=True if drawn else flow_style)


def _text(dumper: _Dumper, value: str) -> yaml.ScalarNode:
    try:
        plain = resolve(value) == value
    except ValueError:
        plain = False
    plain = plain and not value.lstrip().startswith("=")
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=None if plain else '"')


class _Blocks(_Dumper):
    """The same with a line for each parameter, as a person writes it; maps of one value stay on one."""

    def represent_mapping(self, tag: str, mapping: Any, flow_style: bool | None = None) -> yaml.MappingNode:
        alone = len(mapping) == 1 and not isinstance(next(iter(mapping.values())), dict)
        return super().represent_mapping(tag, mapping, flow_style=alone)


_Dumper.add_representer(str, _text)
_Blocks.add_representer(str, _text)


def emit(recipe: dict[str, Any], blocks: bool = False) -> str:
    """Return a recipe as block YAML; lists of numbers and single values stay on a line.

    Parameters
    ----------
    recipe : dict
        Plain values.
    blocks : bool
        Whether each parameter of an object has a line of its own.

    Examples
    --------
    >>> print(emit({"name": "no", "sigma": {"uniform": [0.0, 1e-05]}}), end="")
    name: 'no'
    sigma: {uniform: [0.0, 1.0e-05]}
    """
    dumper = _Blocks if blocks else _Dumper
    return yaml.dump(recipe, Dumper=dumper, sort_keys=False, default_flow_style=None, allow_unicode=True, width=10**9)
