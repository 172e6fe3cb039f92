"""Pydantic models that know every key they take, and tell unknown keys from later ones."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, create_model
from pydantic_core import PydanticCustomError


def strict(title: str, later: frozenset[str] = frozenset(), /, **fields: Any) -> type[BaseModel]:
    """Return a model with these fields, all optional; what is missing is told apart elsewhere.

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

    class Strict(BaseModel):
        model_config = ConfigDict(extra="allow", frozen=True)
        __pydantic_extra__: dict[str, Annotated[Any, BeforeValidator(unknown)]]

    defaults: dict[str, Any] = {key: (kind, None) for key, kind in fields.items()}
    return create_model(title, __base__=Strict, **defaults)


def dump(value: Any) -> Any:
    """Return a checked value as plain dicts and lists, without what was not given."""
    if isinstance(value, BaseModel):
        return {key: dump(item) for key, item in value.__dict__.items() if item is not None}
    if isinstance(value, dict):
        return {key: dump(item) for key, item in value.items()}
    return [dump(item) for item in value] if isinstance(value, list) else value
