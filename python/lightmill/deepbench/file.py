"""What a file of DeepBench says of all its samples: how many, from which seed, how large, with which noise."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from lightmill.deepbench import notes, objects, physics
from lightmill.deepbench.body import wrap
from lightmill.deepbench.read import Given, Reader
from lightmill.deepbench.sky import BLUR
from lightmill.deepbench.words import ASTRO, DIMENSIONS, NAMES, SHAPE_IMAGE, SKY_IMAGE, SKY_INSTANCE, TOP
from lightmill.recipe.names import later, short
from lightmill.recipe.node import Node


class File:
    """A file of DeepBench on its way to a recipe.

    Parameters
    ----------
    root : Node
        The file.
    """

    def __init__(self, root: Node) -> None:
        self.root = root
        self.reader = Reader()
        self.top = self.reader.words(root, "", TOP)

    def recipe(self, name: str) -> Node:
        """Return the recipe; what it has is not to be used where the reader has faults."""
        kind = self._kind()
        entries = self._head(name)
        if kind == "physics" or self.top["object_name"].value == "NBodyObject":
            entries |= physics.entries(self.reader, self.top)
        elif kind is not None:
            entries |= self._image(kind)
        return wrap(entries, self.root)

    def _kind(self) -> str | None:
        """Return the type, if the name is one of that type."""
        kind, name = self.top["object_type"], self.top["object_name"]
        if name.value is None or kind.value is None:
            return None
        if NAMES[name.value] != kind.value:
            known = ", ".join(key for key, value in NAMES.items() if value == kind.value)
            told = f"{short(name.value)} is no object of the type {short(kind.value)}; allowed: {known}"
            self.reader.wrong(name.node, name.place, told)
            return None
        return str(kind.value)

    def _head(self, name: str) -> dict[str, Node]:
        title, seed, noise = self.top["name"], self.top["seed"], self.top["parameter_noise"]
        if title.said and title.value:
            self.reader.note(title, notes.NAME, "name")
            name = PurePath(title.value).name or title.value
        self.reader.note(seed, (notes.SEED if seed.value else notes.SEED_0) if seed.said else notes.NO_SEED, "seed")
        if noise.value:
            physical = self.top["object_type"].value == "physics" or self.top["object_name"].value == "NBodyObject"
            self.reader.note(noise, notes.PARAMETER_NOISE, "system" if physical else "objects")
        runs = self.top["total_runs"]
        values = {"name": (name, title), "seed": (seed.value or 0, seed), "count": (runs.value, runs)}
        return {key: wrap(value, given.node) for key, (value, given) in values.items()}

    def _image(self, kind: str) -> dict[str, Node]:
        """Return the entries of a recipe of images."""
        given = self.top["image_parameters"]
        if given.value is None:
            return {}
        image = self._image_parameters(kind, given)
        size = image["image_dimensions" if kind == "astro" else "image_shape"]
        found = {"image": wrap({"size": size.value}, size.node)}
        found |= self._shapes() if kind == "shape" else self._sky(image)
        rows, columns = size.value or (1, 1)
        frame = objects.Frame(rows, columns, self.top["parameter_noise"].value or 0.0, self.reader)
        found["objects"] = self._objects(kind, frame)
        layer = self._noise(image) if "object_noise_level" in image else None
        return found if layer is None else {**found, "noise": layer}

    def _image_parameters(self, kind: str, given: Given) -> dict[str, Given]:
        """Return what is said of the image; a file of one object says there what the object is, too."""
        words = {"shape": SHAPE_IMAGE, "sky": SKY_IMAGE, "astro": DIMENSIONS}[kind]
        instance = SKY_INSTANCE[self._lone_object] if kind == "astro" else {}
        entries = self.reader.map(given.node, given.place, "its keys below it")
        self.reader.unknown(entries, given.place, (*words, *instance))
        return self.reader.words(given.node, given.place, words, entries)

    @property
    def _lone_object(self) -> str:
        return ASTRO[self.top["object_name"].value]

    def _objects(self, kind: str, frame: objects.Frame) -> Node:
        given, image = self.top["object_parameters"], self.top["image_parameters"]
        if given.value is None:
            return wrap([], given.node)
        if kind == "astro":
            return wrap([objects.alone(frame, self._lone_object, image.node, given.node)], given.node)
        return wrap(objects.listed(frame, kind, given.node), given.node)

    def _shapes(self) -> dict[str, Node]:
        """Return what is the same for all images of shapes: a pixel is 0 or 1."""
        return {"edges": wrap("binary", self.top["object_name"].node)}

    def _sky(self, image: dict[str, Given]) -> dict[str, Node]:
        """Return what is the same for all images of the sky: the blur."""
        name, scale = self.top["object_name"], image.get("scale")
        self.reader.note(name, notes.LIGHT, "objects")
        if scale is not None and scale.value:
            self.reader.wrong(scale.node, scale.place, later("`scale: true`"))
        elif scale is not None and not scale.said:
            self.reader.note(scale, notes.SCALE, "objects")
        return {"psf": wrap({"gaussian": {"sigma": BLUR}}, name.node)}

    def _noise(self, image: dict[str, Given]) -> Node | None:
        """Return the layer of noise, if any is asked for."""
        level, kind = image["object_noise_level"], image["object_noise_type"]
        if not level.value:
            if kind.said:
                self.reader.note(kind, notes.NO_LEVEL)
            return None
        self.reader.note(level, notes.REPEATED, "noise")
        layer: dict[str, Any] = {"gaussian": {"sigma": level.value}}
        if kind.value == "poisson":
            layer = {"poisson": {"mean": level.value}}
        return wrap([layer], level.node)
