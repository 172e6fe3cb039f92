"""Properties that are computed once and hold no lock.

``functools.cached_property`` of Python 3.11 computes under a lock, and a process that forks while another
of its threads computes leaves that lock held in the child for ever: a data loader's worker would hang.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, cast, overload

T = TypeVar("T")


class once(Generic[T]):  # noqa: N801 -- written as a decorator, as property is
    """A property that is computed at its first use and kept in the instance.

    Threads that ask at the same time may each compute it; all of them get the value that came first.

    Parameters
    ----------
    compute : callable
        Takes the instance, returns the value.

    Examples
    --------
    >>> class Circle:
    ...     radius = 2
    ...
    ...     @once
    ...     def area(self) -> int:
    ...         print("computing")
    ...         return 3 * self.radius**2
    >>> circle = Circle()
    >>> circle.area + circle.area
    computing
    24
    """

    def __init__(self, compute: Callable[[Any], T]) -> None:
        self._compute = compute
        self.__doc__ = compute.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: object | None, owner: type) -> Self | T:
        if instance is None:
            return self
        # Python looks into the instance first: this is not called again.
        return cast(T, instance.__dict__.setdefault(self._name, self._compute(instance)))
