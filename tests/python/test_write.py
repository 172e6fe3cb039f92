"""`lightmill.write`: what it asks of a recipe, and that it is the sink's `write` otherwise."""

import sys
from dataclasses import dataclass, replace
from types import ModuleType

import pytest
import sink_toy
from lightmill.write import write

import lightmill
from lightmill.manifest import parse


@dataclass(frozen=True)
class Recipe:
    """As much of a recipe as writing one takes."""

    name: str = "toy"
    seed: int = 0
    count: int | None = 30
    checksum: str = "ab" * 32

    def yaml(self):
        return f"seed: {self.seed}\ncount: {self.count}\n"

    def with_(self, **changes):
        return replace(self, **changes)


@pytest.fixture
def asked(monkeypatch):
    seen = []
    source, preview, core = (ModuleType(f"lightmill.{name}") for name in ("source", "preview", "_core"))
    source.source = lambda recipe, threads: seen.append((recipe.seed, threads)) or sink_toy.Toy(recipe.seed)
    preview.SAMPLES, preview.png = 16, lambda recipe, samples: f"{recipe.name} {samples}".encode()
    core.STREAM_VERSION, core.__VERSION__ = 7, "9.9"
    for module in (source, preview, core):
        monkeypatch.setitem(sys.modules, module.__name__, module)
        monkeypatch.setattr(lightmill, module.__name__.split(".")[1], module, raising=False)
    monkeypatch.setattr(lightmill, "__version__", "9.9", raising=False)
    return seen


def test_the_recipe_is_written(tmp_path, asked):
    report = write(Recipe(), tmp_path / "out", count=12, seed=4, threads=3, shard_rows=5)
    assert (report.made, report.complete) == (3, True)
    assert asked == [(4, 3)]
    sink_toy.expect(tmp_path / "out", 12, 4)
    manifest = parse((tmp_path / "out/manifest.json").read_bytes())
    assert (manifest.seed, manifest.count, manifest.recipe) == (4, 12, "ab" * 32)
    assert (manifest.stream_version, manifest.lightmill) == (7, "9.9")
    assert (tmp_path / "out/recipe.yaml").read_text() == "seed: 4\ncount: 12\n"
    assert (tmp_path / "out/preview.png").read_text() == "toy 12"


def test_the_recipe_s_own_count_and_other_pictures(tmp_path, asked):
    write(Recipe(), tmp_path / "out", preview=lambda: b"mine")
    assert (tmp_path / "out/preview.png").read_bytes() == b"mine"
    sink_toy.expect(tmp_path / "out", 30)


def test_a_recipe_without_a_count(tmp_path, asked):
    with pytest.raises(ValueError, match="count"):
        write(Recipe(count=None), tmp_path / "out")
    assert not (tmp_path / "out").exists()
