"""How contestants are timed: in turns, by the processor's time, medians over the rounds."""

import importlib.util
import statistics
import time
from collections.abc import Callable, Iterator, Mapping

Work = Callable[[], object]
Contest = Mapping[str, tuple[Work, int]]
"""Contestants by name, ours first: what one call does, and how many units of work that is."""


def timed(work: Work, seconds: float = 0.02) -> float:
    """Seconds of processor time a call, from as many calls as fill `seconds`."""
    calls, began = 0, time.process_time()
    while (spent := time.process_time() - began) < seconds or calls == 0:
        work()
        calls += 1
    return spent / calls


def medians(contest: Contest, rounds: int) -> dict[str, float]:
    """Microseconds a unit of each contestant, in turns; the first round is thrown away."""
    times: dict[str, list[float]] = {name: [] for name in contest}
    for _ in range(rounds + 1):
        for name, (work, units) in contest.items():
            times[name].append(timed(work) / units * 1e6)
    return {name: statistics.median(rounds[1:]) for name, rounds in times.items()}


def table(title: str, contest: Contest, rounds: int, stated: Mapping[str, float] | None = None) -> Iterator[str]:
    """One row for every peer; `stated` are yardsticks in microseconds that are not measured here."""
    found = medians(contest, rounds)
    mine = next(iter(found.values()))
    for name, micros in [*list(found.items())[1:], *(stated or {}).items()]:
        yield f"| {title} | {mine:.3g} | {name} | {micros:.3g} | **{micros / mine:.3g}** |"


def counter() -> Callable[[], int]:
    """Numbers from 0, so that no two calls do the same work."""
    numbers = iter(range(10**12))
    return lambda: next(numbers)


def installed(name: str) -> bool:
    return importlib.util.find_spec(name) is not None
