"""`flux: {snr: 60}`: the flux with which an object, alone in its frame, has that ratio of signal to noise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lightmill.recipe.strict import noted, one_of, strict
from lightmill.recipe.tables import Parameter, Range
from lightmill.recipe.values import value_type

COLUMN = "flux.snr"


def flux_type(flux: Parameter) -> Any:
    """Return the type of a profile's flux: a value of its own, or a ratio."""
    plain = value_type(flux.kind, flux.range, unit=flux.unit)
    ratio = value_type("real", Range(low=0.0, low_open=True), prior=False)
    return noted(one_of({"<value>": plain, "<snr>": strict("scaled", snr=ratio)}, _tag), flux)


def _tag(value: Any) -> str:
    return "<snr>" if isinstance(value, dict) and "snr" in value else "<value>"


def ratio_of(body: Mapping[str, Any]) -> Any:
    """Return the ratio that stands for the flux of an object; None where there is none."""
    flux = body.get("flux")
    return flux.get("snr") if isinstance(flux, Mapping) else None


def lowered_flux(parameters: dict[str, Any]) -> dict[str, Any]:
    """Return an object's parameters as the core's specification has them, a ratio apart."""
    ratio = ratio_of(parameters)
    if ratio is None:
        return {"parameters": parameters}
    return {"parameters": {name: value for name, value in parameters.items() if name != "flux"}, "snr": ratio}
