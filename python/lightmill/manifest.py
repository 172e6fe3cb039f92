"""The manifest of a data set: what it is, and what every file of it must be.

``manifest.json`` is first written as a draft, which claims the folder for one recipe, and again when the
data set is complete; only then does it list the shards. It carries its own checksum, and its bytes are
the only spelling of what it says, so that every flipped bit in it shows.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

FORMAT = 1
"""Version of the layout on disk; a reader refuses later ones."""

NAME = "manifest.json"


@dataclass(frozen=True)
class Identity:
    """What makes two data sets the same, apart from their number of rows.

    Attributes
    ----------
    name : str
        Name of the catalogue.
    seed : int
        0 to 2**64 - 1.
    recipe : str
        Text of the resolved recipe, written to ``recipe.yaml``.
    checksum : str
        SHA-256 of the resolved recipe without its count, hexadecimal.
    stream_version : int
        Version of the random streams: values differ between versions.
    lightmill : str
        Version of the program; told, not compared.
    """

    name: str
    seed: int
    recipe: str
    checksum: str
    stream_version: int
    lightmill: str


@dataclass(frozen=True)
class Shard:
    """One file of rows.

    Attributes
    ----------
    start, stop : int
        Its rows.
    bytes : int
        Its size.
    content : str
        Checksum of its arrays, hexadecimal.
    frame : str
        Checksum of all its bytes, hexadecimal, as the data set writer's ``frame`` computes it.
    layout : mapping
        Where each array lies, by path: offset and bytes.
    """

    start: int
    stop: int
    bytes: int
    content: str
    frame: str
    layout: Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class Stamp:
    """Size and XXH3 of a file beside the shards."""

    bytes: int
    xxh3: str


@dataclass(frozen=True)
class Manifest:
    """What ``manifest.json`` says; ``shards`` and ``files`` are empty in a draft."""

    name: str
    seed: int
    count: int
    shard_rows: int
    recipe: str
    stream_version: int
    lightmill: str
    format: int = FORMAT
    complete: bool = False
    shards: tuple[Shard, ...] = ()
    files: Mapping[str, Stamp] = field(default_factory=dict)

    @classmethod
    def draft(cls, identity: Identity, count: int, shard_rows: int) -> Manifest:
        """Make the manifest that claims a folder before there is any shard."""
        return cls(
            name=identity.name,
            seed=identity.seed,
            count=count,
            shard_rows=shard_rows,
            recipe=identity.checksum,
            stream_version=identity.stream_version,
            lightmill=identity.lightmill,
        )

    def differences(self, other: Manifest) -> list[str]:
        """Say what keeps another run from going on with this data set; empty if nothing does."""
        told = {
            "recipe": "recipe (checksum)",
            "name": "name",
            "seed": "seed",
            "count": "count",
            "shard_rows": "rows a shard",
            "stream_version": "version of the random streams",
            "format": "version of the format",
        }
        pairs = ((words, getattr(self, key), getattr(other, key)) for key, words in told.items())
        return [f"{words} {_short(mine)}, not {_short(its)}" for words, mine, its in pairs if mine != its]

    def text(self) -> str:
        """Spell this manifest in the one way there is."""
        body = _body(self)
        return json.dumps({**body, "checksum": _checksum(body)}, indent=1) + "\n"


def parse(text: bytes) -> Manifest:
    """Read a manifest.

    Parameters
    ----------
    text : bytes
        Content of ``manifest.json``.

    Returns
    -------
    Manifest
        What it says.

    Raises
    ------
    ValueError
        If it is damaged, no manifest, or of a later format.
    """
    try:
        body = json.loads(text)
        version = body["format"]
        if isinstance(version, int) and version > FORMAT:
            raise ValueError(f"is of format {version}, this program reads up to {FORMAT}: upgrade it")
        manifest = _manifest(body)
    except (TypeError, LookupError, AttributeError, RecursionError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ValueError("is damaged, or no manifest of a Lightmill data set") from error
    if manifest.text().encode() != text:
        raise ValueError("is damaged: it is not what its checksum says")
    return manifest


def _manifest(body: dict[str, Any]) -> Manifest:
    known = {one.name: body[one.name] for one in fields(Manifest)}
    layouts = [{path: (offset, length) for path, (offset, length) in one.items()} for one in body["layouts"]]
    known["shards"] = tuple(_shard(one, layouts) for one in known["shards"])
    known["files"] = {name: Stamp(**one) for name, one in known["files"].items()}
    return Manifest(**known)


def _shard(told: dict[str, Any], layouts: list[dict[str, tuple[int, int]]]) -> Shard:
    start, stop = told["rows"]
    return Shard(start, stop, told["bytes"], told["content"], told["frame"], layouts[told["layout"]])


def _body(manifest: Manifest) -> dict[str, Any]:
    body = {one.name: getattr(manifest, one.name) for one in fields(Manifest)}
    # All shards but the last are laid out alike: equal layouts are told once.
    layouts: list[Mapping[str, tuple[int, int]]] = []
    for one in manifest.shards:
        if one.layout not in layouts:
            layouts.append(one.layout)
    body["layouts"] = layouts
    body["shards"] = [_told(one, layouts.index(one.layout)) for one in manifest.shards]
    body["files"] = {name: asdict(one) for name, one in manifest.files.items()}
    return body


def _told(shard: Shard, layout: int) -> dict[str, Any]:
    told = {"rows": [shard.start, shard.stop], "bytes": shard.bytes}
    return told | {"content": shard.content, "frame": shard.frame, "layout": layout}


def _checksum(body: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def _short(value: object) -> str:
    return value[:12] if isinstance(value, str) and len(value) in (32, 64) else str(value)
