"""DeepBench's pendulums and bodies: their words are checked; what they are waits for time series."""

from __future__ import annotations

from lightmill.deepbench.read import Given, Reader
from lightmill.deepbench.words import N_BODY, PENDULUM, PENDULUM_NOISE, TIMES
from lightmill.recipe.names import later, short


def check(reader: Reader, top: dict[str, Given]) -> None:
    """Check a file of physics, and refuse it."""
    name, image, objects = (top[key] for key in ("object_name", "image_parameters", "object_parameters"))
    body = name.value == "NBodyObject"
    if image.value is not None and body:
        reader.words(image.node, image.place, N_BODY)
    elif image.value is not None:
        _pendulum(reader, image)
    if objects.value is not None and body:
        reader.unknown(objects.node.value, objects.place, ())
    elif objects.value is not None:
        reader.words(objects.node, objects.place, TIMES)
    reader.wrong(name.node, name.place, f"{short(name.value)} makes a time series; " + later("`system`"))


def _pendulum(reader: Reader, image: Given) -> None:
    words = reader.words(image.node, image.place, PENDULUM)
    noise = words["noise_std_percent"]
    if isinstance(noise.value, dict):
        reader.words(noise.node, noise.place, PENDULUM_NOISE)
    gravity = words["acceleration_due_to_gravity"]
    if gravity.value is None and None in (words["big_G_newton"].value, words["phi_planet"].value):
        allowed = "give acceleration_due_to_gravity, or big_G_newton and phi_planet"
        reader.wrong(image.node, gravity.place, f"there is no gravity; {allowed}", on_key=True)
