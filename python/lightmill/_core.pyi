from collections.abc import Mapping
from typing import Final, final

import numpy as np
import numpy.typing as npt

__all__ = [
    "STREAM_VERSION",
    "__VERSION__",
    "Columns",
    "DrawError",
    "Plan",
    "RecipeFaults",
    "Xxh3",
    "cpu",
    "expression_problem",
    "flux",
    "isa",
    "poisson",
    "row_statistics",
    "standard_normal",
    "tables",
]

__VERSION__: Final[str]
STREAM_VERSION: Final[int]

class RecipeFaults(ValueError): ...
class DrawError(RuntimeError): ...

@final
class Columns:
    def __new__(cls, columns: Mapping[str, npt.NDArray[np.float64]]) -> Columns: ...
    def __getnewargs__(self) -> tuple[dict[str, npt.NDArray[np.float64]]]: ...

@final
class Plan:
    def __new__(cls, spec: str, tables: Mapping[str, Columns] | None = ...) -> Plan: ...
    @property
    def samples(self) -> int | None: ...
    @property
    def width(self) -> int: ...
    @property
    def shape(self) -> tuple[int, int]: ...
    @property
    def has_fixed_psf(self) -> bool: ...
    def fixed_psf(self, plane: npt.NDArray[np.float32]) -> None: ...
    def columns(self) -> str: ...
    def measures(self) -> str: ...
    def parameters(
        self,
        samples: npt.NDArray[np.uint64],
        records: npt.NDArray[np.float64],
        threads: int,
        given: list[int] = ...,
    ) -> None: ...
    @property
    def times(self) -> npt.NDArray[np.float64] | None: ...
    def curves(self) -> str: ...
    def trajectories(
        self,
        samples: npt.NDArray[np.uint64],
        records: npt.NDArray[np.float64],
        measured: npt.NDArray[np.float64],
        series: list[npt.NDArray[np.float64]],
        noiseless: list[npt.NDArray[np.float64]],
        times: npt.NDArray[np.float64] | None,
        threads: int,
    ) -> None: ...
    def follow(
        self,
        samples: npt.NDArray[np.uint64],
        records: npt.NDArray[np.float64],
        measured: npt.NDArray[np.float64],
        series: list[npt.NDArray[np.float64]],
        noiseless: list[npt.NDArray[np.float64]],
        times: npt.NDArray[np.float64] | None,
        noise: bool,
        threads: int,
    ) -> None: ...
    def complete(self, records: npt.NDArray[np.float64], given: list[int]) -> None: ...
    def render(
        self,
        samples: npt.NDArray[np.uint64],
        records: npt.NDArray[np.float64],
        images: npt.NDArray[np.float32],
        noiseless: npt.NDArray[np.float32] | None,
        variance: npt.NDArray[np.float32] | None,
        psf: npt.NDArray[np.float32] | None,
        noise: bool,
        threads: int,
    ) -> None: ...
    def generate(
        self,
        start: int,
        records: npt.NDArray[np.float64],
        measured: npt.NDArray[np.float64],
        images: npt.NDArray[np.float32],
        noiseless: npt.NDArray[np.float32] | None,
        variance: npt.NDArray[np.float32] | None,
        psf: npt.NDArray[np.float32] | None,
        threads: int,
    ) -> None: ...
    def fisher(
        self,
        samples: npt.NDArray[np.uint64],
        records: npt.NDArray[np.float64],
        fisher: npt.NDArray[np.float64],
        bounds: npt.NDArray[np.float64],
        threads: int,
    ) -> list[str | None]: ...
    def derivatives(
        self,
        samples: npt.NDArray[np.uint64],
        records: npt.NDArray[np.float64],
        slopes: npt.NDArray[np.float64],
        threads: int,
    ) -> None: ...
    def variations(
        self,
        samples: npt.NDArray[np.uint64],
        records: npt.NDArray[np.float64],
        slopes: list[npt.NDArray[np.float64]],
        threads: int,
    ) -> None: ...

@final
class Xxh3:
    def __new__(cls) -> Xxh3: ...
    def update(self, data: npt.NDArray[np.uint8]) -> None: ...
    def hexdigest(self) -> str: ...

def expression_problem(text: str) -> tuple[int, str] | None: ...
def flux(magnitude: float, zero_point: float) -> float: ...
def cpu() -> list[str]: ...
def isa() -> str: ...
def tables() -> str: ...
def row_statistics(values: npt.NDArray[np.float32], hasher: Xxh3 | None = ...) -> npt.NDArray[np.float64]: ...
def standard_normal(seed: int, slot: str, scene: int, n: int) -> npt.NDArray[np.float32]: ...
def poisson(seed: int, slot: str, scene: int, means: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]: ...
