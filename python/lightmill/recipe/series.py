"""Recipes of time series, resolved and lowered: every default written out, and what the core's plan is made from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lightmill.recipe import position
from lightmill.recipe.distributions import MAX_REPEAT, largest
from lightmill.recipe.fisher import asked, subjects
from lightmill.recipe.keep import lowered
from lightmill.recipe.system import VELOCITY
from lightmill.recipe.tables import System, Word, tables


def system_of(recipe: Mapping[str, Any]) -> tuple[str, dict[str, Any]] | None:
    """Return the name of a recipe's system and what it says of it; None where it is malformed."""
    said = recipe.get("system")
    if not isinstance(said, dict) or len(said) != 1:
        return None
    key, body = next(iter(said.items()))
    body = {"random": True} if body == "random" else body
    return (key, body) if key in tables().systems and isinstance(body, dict) else None


def words_of(system: System, body: Mapping[str, Any]) -> dict[str, Word]:
    """Return the word of each choice, by its key: as it is given, or the first."""
    return {
        name: next((word for word in choice.words if str(body.get(name)) == word.name), choice.words[0])
        for name, choice in system.choices.items()
    }


def without(system: System, body: Mapping[str, Any]) -> dict[str, tuple[str, Word]]:
    """Return the parameters and settings that a body's words have no use for, each with the choice and the word."""
    words = words_of(system, body).items()
    return {name: (choice, word) for choice, word in words for name in word.without}


def placed(system: System, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the `position` and `velocity` of bodies; of a system without bodies these are parameters like others."""
    return {key: body[key] for key in ("position", "velocity") if system.body and key in body}


def stood_for(system: System, body: Mapping[str, Any]) -> set[str]:
    """Return the parameters that `position` and `velocity` of bodies stand for."""
    said = placed(system, body)
    return {*position.axes(said), *(VELOCITY if "velocity" in said else ())}


def resolve(recipe: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return the resolved form of a checked recipe.

    Parameters
    ----------
    recipe : Mapping
        As `strict.dump` gives it.
    name : str
        Its name where it does not give one.
    """
    key, body = next(iter(recipe["system"].items()))
    system = tables().systems[key]
    observe = recipe.get("observe", list(system.observables))
    full: dict[str, Any] = {"lightmill": 1, "name": recipe.get("name", name), "seed": recipe.get("seed", 0)}
    full |= {key: recipe[key] for key in ("count",) if key in recipe}
    full["times"] = _times(recipe["times"])
    full |= {key: recipe[key] for key in ("tables", "let") if recipe.get(key)}
    full["system"] = {key: _body(system, body)}
    full["observe"] = observe
    full["noise"] = [_noise(item, observe) for item in recipe.get("noise", [])]
    full |= {key: recipe[key] for key in ("keep",) if key in recipe}
    full["realisations"] = recipe.get("realisations", 1)
    return full | {"splits": recipe.get("splits", {}), "targets": recipe.get("targets", []), **asked(recipe)}


def _times(said: Mapping[str, Any]) -> dict[str, Any]:
    if "at" in said:
        return {"start": said.get("start", said["at"][0]), "at": said["at"]}
    return {
        "start": said.get("start", 0.0),
        **{key: said[key] for key in ("stop", "points", "jitter", "gaps") if key in said},
    }


def _body(system: System, body: Mapping[str, Any]) -> dict[str, Any]:
    from lightmill.recipe.resolve import Frame, parameters

    left, said = {*without(system, body), *stood_for(system, body)}, placed(system, body)
    found = {name: word.written for name, word in words_of(system, body).items()}
    found |= {key: body[key] for key in ("bodies",) if system.body}
    found |= position.full(said) | {key: said[key] for key in ("velocity",) if key in said}
    drawn = parameters(system.model, body, Frame(1.0, 1.0), left)
    settings = {name: row for name, row in system.settings.items() if name not in left}
    return found | drawn | {name: body.get(name, row.default) for name, row in settings.items()}


def axes_of(system: System, body: Mapping[str, Any]) -> int:
    """Return in how many dimensions bodies are."""
    gone = without(system, body)
    return sum(axis not in gone for axis in ("x", "y", "z"))


def _noise(item: Mapping[str, Any], observe: list[str]) -> dict[str, Any]:
    from lightmill.recipe.resolve import Frame, parameters

    kind, body = next(iter(item.items()))
    drawn = parameters(tables().spreads[kind], body, Frame(1.0, 1.0))
    return {kind: drawn | {"on": body.get("on", observe)}}


def lower(recipe: Mapping[str, Any]) -> dict[str, Any]:
    """Return the specification that `_core.Plan` takes, as plain JSON types.

    Parameters
    ----------
    recipe : Mapping
        The resolved recipe.
    """
    from lightmill.recipe import lower as images

    key, body = next(iter(recipe["system"].items()))
    system = tables().systems[key]
    gone = without(system, body)
    settings = {name: body[name] for name in system.settings if name not in gone}
    return {
        "name": recipe["name"],
        "seed": recipe["seed"],
        "realisations": recipe["realisations"],
        **images.tables_of(recipe),
        **images.let(recipe),
        "objects": list(_objects(key, body, system)),
        "series": {
            "choices": {name: word.name for name, word in words_of(system, body).items()},
            "settings": settings,
            "times": recipe["times"],
            "observe": recipe["observe"],
            "noise": [_spread(i, item) for i, item in enumerate(recipe["noise"])],
        },
        **lowered(recipe),
        **subjects(recipe),
        "splits": [[name, fraction] for name, fraction in recipe["splits"].items()],
    }


def _objects(key: str, body: Mapping[str, Any], system: System) -> Iterator[dict[str, Any]]:
    from lightmill.recipe.lower import lowered_value as value
    from lightmill.recipe.ways import given

    gone = without(system, body)
    said = {"name": key, "model": key, "place": f"system.{key}"}
    unused = {name: row.default or 0.0 for name, row in system.model.parameters.items() if name in gone}
    where = placed(system, body)
    spread = {name: where["velocity"] for name in VELOCITY if "velocity" in where}
    every = {name: value(item) for name, item in {**spread, **given(system.model, body), **unused}.items()}
    axes = position.axes(where)
    yield {**said, "parameters": {name: every[name] for name in system.own.parameters if name in every}}
    if system.body:
        yield {
            **said,
            "repeat": value(body["bodies"]),
            "slots": int(min(largest(body["bodies"]), MAX_REPEAT)),
            **{key: value(where[key]) for key in ("position",) if key in where},
            "parameters": {name: every[name] for name in system.body.parameters if name in every and name not in axes},
        }


def _spread(i: int, item: Mapping[str, Any]) -> dict[str, Any]:
    from lightmill.recipe.lower import lowered_value as value

    kind, body = next(iter(item.items()))
    drawn = {name: value(item) for name, item in body.items() if name != "on"}
    return {"kind": kind, "parameters": drawn, "on": body["on"], "place": f"noise[{i}].{kind}"}
