"""DeepBench's pendulums and bodies: a file of physics as a recipe with a `system`."""

from __future__ import annotations

import math
from typing import Any

from lightmill.deepbench import notes
from lightmill.deepbench.body import noisy, wrap
from lightmill.deepbench.read import Given, Reader
from lightmill.deepbench.words import N_BODY, PENDULUM, PENDULUM_NOISE, TIMES
from lightmill.recipe.names import number
from lightmill.recipe.node import Node

GRAVITY = "acceleration_due_to_gravity"
PARTS = ("big_G_newton", "phi_planet")
"""What gravity is the product of, where it is not given itself."""
BODIES = 3
"""How many there are where DeepBench does not say."""
SEEN = {"Pendulum": ["x", "y"], "HamiltonianPendulum": ["q", "p", "dq_dt", "dp_dt"]}


def entries(reader: Reader, top: dict[str, Given]) -> dict[str, Node]:
    """Return the entries of a recipe of time series; what they have is not to be used where the reader has faults."""
    name, image, objects = (top[key] for key in ("object_name", "image_parameters", "object_parameters"))
    if name.value == "NBodyObject":
        return _bodies(reader, name, image, objects)
    if image.value is None or objects.value is None:
        return {}
    said = reader.words(image.node, image.place, PENDULUM)
    when = reader.words(objects.node, objects.place, TIMES)
    amplitude = top["parameter_noise"].value or 0.0
    return Pendulum(reader, name, said, _scatter(reader, said, when), amplitude).entries(when["time"])


def _bodies(reader: Reader, name: Given, image: Given, objects: Given) -> dict[str, Node]:
    """Return the recipe of bodies: DeepBench's class says how they move, and nothing of the bodies themselves."""
    if objects.value is not None:
        reader.unknown(objects.node.value, objects.place, ())
    if image.value is None:
        return {}
    said = reader.words(image.node, image.place, N_BODY)
    reader.note(name, notes.BODIES, "system")
    reader.note(said["image_dimensions"], notes.NO_IMAGE, "system")
    stop, step = said["t_duration"].value, said["dt"].value
    if stop is None or step is None:
        return {}
    system = {"bodies": BODIES, "dimensions": 2, "mass": "random", "position": {"disc": {"radius": 1}}}
    system |= {"velocity": {"normal": [0, 0.3]}, "softening": 0.05, "integrator": "leapfrog"}
    system |= {key: wrap(said[word].value, said[word].node) for word, key in _FORCES.items() if said[word].value}
    times = {"start": 0, "stop": wrap(stop, said["t_duration"].node), "points": max(2, round(stop / step) + 1)}
    noise = said["noise_level"]
    layers = [{"gaussian": {"sigma": noise.value, "on": ["positions"]}}] if noise.value else []
    found = {"times": wrap(times, said["t_duration"].node), "system": wrap({"n_body": system}, name.node)}
    found["observe"] = wrap(["positions", "velocities", "kinetic_energy", "potential_energy"], name.node)
    return found | {"noise": wrap(layers, noise.node)}


def _scatter(reader: Reader, said: dict[str, Given], when: dict[str, Given]) -> dict[str, Given]:
    """Return the scatter of each parameter, as a fraction of its value; none where there is to be no noise."""
    noise = said["noise_std_percent"]
    if not isinstance(noise.value, dict):
        return {}
    found = reader.words(noise.node, noise.place, PENDULUM_NOISE)
    if not when["noiseless"].value:
        return {word: given for word, given in found.items() if given.value}
    reader.note(noise, notes.NOISELESS, "system")
    return {}


class Pendulum:
    """A pendulum of DeepBench on its way to a recipe.

    Parameters
    ----------
    reader : Reader
        Where faults and notes go.
    name : Given
        What it is called.
    said : dict
        Its parameters.
    scatter : dict
        The scatter of each, as a fraction of its value.
    amplitude : float
        DeepBench's parameter noise, added to each.
    """

    def __init__(
        self, reader: Reader, name: Given, said: dict[str, Given], scatter: dict[str, Given], amplitude: float
    ) -> None:
        self.reader, self.name, self.said, self.scatter, self.amplitude = reader, name, said, scatter, amplitude
        self.hamiltonian = name.value == "HamiltonianPendulum"

    def entries(self, time: Given) -> dict[str, Node]:
        """Return the entries of the recipe."""
        self.reader.note(self.name, notes.HAMILTONIAN if self.hamiltonian else notes.NEWTONIAN, "system")
        for word, given in self.scatter.items():
            target = ("let", word) if word in PARTS else ("system", "pendulum", _KEYS[word])
            self.reader.note(given, notes.SCATTER, *target)
        system = wrap({"pendulum": self._parameters()}, self.name.node)
        observe = wrap(SEEN[self.name.value], self.name.node)
        return {"times": self._times(time), **self._let(), "system": system, "observe": observe}

    def _times(self, time: Given) -> Node:
        at = time.value or []
        if at and all(float(one).is_integer() for one in at) and not self.hamiltonian:
            self.reader.note(time, notes.WHOLE_TIMES, "times")
        return wrap(at if at and at[0] == 0 and len(at) > 1 else {"start": 0, "at": at}, time.node)

    def _parameters(self) -> dict[str, Any]:
        found = {"form": wrap("hamiltonian" if self.hamiltonian else "newtonian", self.name.node)}
        for word in ("pendulum_arm_length", "mass_pendulum_bob"):
            if self.said[word].value is not None:
                found[_KEYS[word]] = self._value(word)
        found["angle"] = self._value("starting_angle_radians", " rad")
        found["gravity"] = self._gravity()
        return found | self._friction()

    def _friction(self) -> dict[str, Node]:
        friction = self.said["coefficient_friction"]
        if not friction.value:
            return {}
        if self.hamiltonian:
            told = "a Hamiltonian pendulum has no friction; leave it out, or write `object_name: Pendulum`"
            self.reader.wrong(friction.node, friction.place, told)
        self.reader.note(friction, notes.FRICTION, "system", "pendulum", "damping")
        return {"damping": wrap(friction.value, friction.node)}

    @property
    def _is_product(self) -> bool:
        return self.said[GRAVITY].value is None

    def _gravity(self) -> Node:
        gravity = self.said[GRAVITY]
        if not self._is_product:
            return self._value(GRAVITY)
        if None in (self.said[part].value for part in PARTS):
            allowed = "give acceleration_due_to_gravity, or big_G_newton and phi_planet"
            self.reader.wrong(gravity.node, gravity.place, f"there is no gravity; {allowed}", on_key=True)
        product = "= big_G_newton * phi_planet"
        share = self.scatter.get(GRAVITY)
        if share is None:
            return wrap(product, self.said[PARTS[0]].node)
        return wrap({"normal": [product, f"{product} * {number(share.value)}"]}, share.node)

    def _let(self) -> dict[str, Node]:
        if not self._is_product:
            return {}
        named = {part: self._value(part) for part in PARTS if self.said[part].value is not None}
        return {"let": wrap(named, self.said[PARTS[0]].node)}

    def _value(self, word: str, unit: str = "") -> Node:
        """Return a parameter: a number, or the prior that its scatter makes of it."""
        given, share = self.said[word], self.scatter.get(word)
        value = given.value
        if value is None:
            return wrap(value, given.node)
        if word == "starting_angle_radians":
            value = math.remainder(value, 2.0 * math.pi) if abs(value) > math.pi else value
        width = abs(value) * (share.value if share else 0.0)
        drawn = noisy(given, self.amplitude).value
        if isinstance(drawn, dict):
            drawn = {"uniform": [_with_unit(end, unit) for end in (value, value + self.amplitude)]}
        else:
            drawn = _with_unit(value, unit)
        return wrap({"normal": [drawn, _with_unit(width, unit)]} if width else drawn, given.node)


_FORCES = {"G": "gravitational_constant", "dampening": "damping", "dt": "step"}
_KEYS = {
    "pendulum_arm_length": "length",
    "mass_pendulum_bob": "mass",
    "starting_angle_radians": "angle",
    GRAVITY: "gravity",
}


def _with_unit(value: float, unit: str) -> Any:
    return f"{number(value)}{unit}" if unit else value
