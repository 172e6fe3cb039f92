"""The building blocks of the recipe's pydantic types, all made at run time from tables."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import GenericAlias, new_class
from typing import Annotated, Any, Union

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Discriminator, Tag
from pydantic_core import PydanticCustomError

Check = Callable[..., Any]
"""A function of a value, or of a value and pydantic's ``ValidationInfo``."""

EXTRA = "__pydantic_extra__"
"""What pydantic calls the type of keys that a model does not know."""

# Types that exist at run time only: a type checker is to take these as values.
_ANNOTATED: Any = Annotated
_UNION: Any = Union


def before(check: Check, kind: Any = Any) -> Any:
    """Return a type with a check in front."""
    return _ANNOTATED[kind, BeforeValidator(check)]


def after(kind: Any, check: Check) -> Any:
    """Return a type with a check behind."""
    return _ANNOTATED[kind, AfterValidator(check)]


def list_of(item: Any) -> Any:
    """Return the type of a list."""
    return GenericAlias(list, (item,))


def pair_of(first: Any, second: Any) -> Any:
    """Return the type of a list of two."""
    return GenericAlias(tuple, (first, second))


@dataclass(frozen=True, eq=False)
class Note:
    """What a type is about, for the schema: a `Parameter` or a `Model`, or a tuple of the keys that it needs."""

    about: object


def noted(kind: Any, about: object) -> Any:
    """Return a type with a note, which changes no check."""
    return _ANNOTATED[kind, Note(about)]


def map_of(key: Any, item: Any) -> Any:
    """Return the type of a map with free keys."""
    return GenericAlias(dict, (key, item))


def one_of(members: Mapping[str, Any], tag: Callable[[Any], str]) -> Any:
    """Return a union whose member a function of the value names, so that a wrong value gives one error."""
    union = _UNION[tuple(_ANNOTATED[kind, Tag(name)] for name, kind in members.items())]
    return _ANNOTATED[union, Discriminator(tag)]


def strict(title: str, later: frozenset[str] = frozenset(), /, **fields: Any) -> type[BaseModel]:
    """Return a model that knows every key it takes, and tells unknown keys from later ones.

    All fields are optional: what must be given depends on other keys, so `relations` says it.

    Parameters
    ----------
    title : str
        Its name.
    later : frozenset of str
        Keys that a later version of the language reads.
    **fields
        Types by key.
    """
    known = tuple(fields)

    def unknown(value: Any) -> Any:
        raise PydanticCustomError("unknown_key", "unknown key", {"known": known, "later": later})

    # One class a model: `create_model` takes a base besides, and a start would take a quarter of a second longer.
    extra = dict[str, Annotated[Any, BeforeValidator(unknown)]]
    body = {
        "__module__": __name__,
        "__annotations__": {**fields, EXTRA: extra},
        "model_config": ConfigDict(extra="allow", frozen=True),
        **dict.fromkeys(fields),
    }
    return new_class(title, (BaseModel,), exec_body=lambda space: space.update(body))


def keys_of(model: type[BaseModel]) -> dict[str, Any]:
    """Return the types of a model's keys."""
    return {key: kind for key, kind in inspect.get_annotations(model).items() if key != EXTRA}


def dump(value: Any) -> Any:
    """Return a checked value as plain dicts and lists, without what was not given."""
    if isinstance(value, BaseModel):
        return {key: dump(item) for key, item in value.__dict__.items() if item is not None}
    if isinstance(value, dict):
        return {key: dump(item) for key, item in value.items()}
    return [dump(item) for item in value] if isinstance(value, (list, tuple)) else value
