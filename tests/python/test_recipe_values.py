"""Values: which distributions fit, how they are cut, how many slots they take."""

import math

import pytest
from pydantic import TypeAdapter, ValidationError

from lightmill.recipe.distributions import poisson_limit, share
from lightmill.recipe.tables import Range
from lightmill.recipe.values import value_type

POSITIVE = Range(low=0.0, low_open=True)
RATIO = Range(0.01, 1.0)


def checked(kind, bounds, value, **kwargs):
    return TypeAdapter(value_type(kind, bounds, **kwargs)).validate_python(value)


def wrong(kind, bounds, value, **kwargs):
    with pytest.raises(ValidationError) as caught:
        checked(kind, bounds, value, **kwargs)
    [error] = caught.value.errors()
    return error["ctx"]["wrong"]


@pytest.mark.parametrize(
    ("bounds", "value", "resolved"),
    [
        (Range(), {"normal": [2, 1]}, {"normal": [2.0, 1.0]}),
        (POSITIVE, {"normal": [2, 1]}, {"normal": [2.0, 1.0], "min": 0.0}),
        (RATIO, {"normal": [0.5, 1]}, {"normal": [0.5, 1.0], "min": 0.01, "max": 1.0}),
        (RATIO, {"uniform": [0.1, 0.9]}, {"uniform": [0.1, 0.9]}),
        (RATIO, {"uniform": [0.1, 1.5]}, {"uniform": [0.1, 1.5], "max": 1.0}),
        (RATIO, {"normal": [0.5, 1], "min": 0.2, "max": 3}, {"normal": [0.5, 1.0], "min": 0.2, "max": 1.0}),
        (RATIO, {"integers": [0, 3]}, {"integers": [0, 3], "min": 0.01, "max": 1.0}),
        (POSITIVE, {"log_normal": [3, 0.1]}, {"log_normal": [3.0, 0.1]}),
        (
            RATIO,
            {"log_normal": [0.5, 1], "per": "sample"},
            {"log_normal": [0.5, 1.0], "min": 0.01, "max": 1.0, "per": "sample"},
        ),
        (RATIO, {"choice": [1, 0.5], "max": 0.7}, {"choice": [1.0, 0.5], "max": 0.7}),
        (RATIO, {"normal": ["= a", 1], "min": 0}, {"normal": ["= a", 1.0], "min": 0.0}),
        (POSITIVE, {"log_uniform": [1, 8]}, {"log_uniform": [1.0, 8.0]}),
        (POSITIVE, {"poisson": 2}, {"poisson": 2.0, "min": 1.0}),
        (RATIO, {"choice": [1, 0.5], "weights": [1, 0]}, {"choice": [1.0, 0.5], "weights": [1.0, 0.0]}),
        (RATIO, {"uniform": [0.5, 0.5]}, {"uniform": [0.5, 0.5]}),
        (Range(), -0.0, 0.0),
    ],
)
def test_a_prior_is_cut_at_the_legal_range(bounds, value, resolved):
    once = checked("real", bounds, value)
    assert repr(once) == repr(resolved)
    assert repr(checked("real", bounds, once)) == repr(once)


@pytest.mark.parametrize(
    ("value", "resolved"),
    [
        ({"integers": [-2, 5]}, {"integers": [-2, 5], "min": 0}),
        ({"poisson": 2, "max": 4.5}, {"poisson": 2.0, "max": 4}),
        ({"poisson": 2}, {"poisson": 2.0, "max": 15}),
        ({"poisson": 0}, {"poisson": 0.0, "max": 0}),
        ({"choice": [0, 3.0]}, {"choice": [0, 3]}),
        (3.0, 3),
    ],
)
def test_whole_numbers(value, resolved):
    assert repr(checked("integer", Range(0, 100), value, counted=True)) == repr(resolved)


def test_whole_numbers_take_fitting_values_only():
    assert wrong("integer", Range(0, 9), {"uniform": [0, 9]}) == "`uniform` does not fit"
    assert wrong("integer", Range(0, 9), 2.5) == "2.5 is not allowed"
    assert wrong("integer", Range(0, 9), {"choice": [1, 2.5]}) == "2.5 is not allowed"
    assert wrong("integer", Range(0, 9), 1e300) == "1e+300 is not allowed"
    assert wrong("integer", Range(), 1e300) == "1e+300 is not allowed"
    assert wrong("real", Range(), 10**400) == f"{str(10**400)[:39]}… is not allowed"
    assert wrong("integer", Range(0, 9), "random", prior=False) == "`random` is not allowed"


def test_flags():
    flag = Range(0, 1)
    assert checked("flag", flag, True) is True
    assert checked("flag", flag, {"choice": [True, False]}) == {"choice": [True, False]}
    assert wrong("flag", flag, 1) == "1 is not allowed"
    assert wrong("flag", flag, "no") == '"no" is not allowed'
    assert wrong("flag", flag, {"integers": [0, 1]}) == "`integers` does not fit"


@pytest.mark.parametrize(
    ("value", "low", "high", "expected"),
    [
        ({"uniform": [0, 10]}, 2, 4, 0.2),
        ({"uniform": [0, 10]}, 11, 12, 0.0),
        ({"uniform": [3, 3]}, 3, 4, 1.0),
        ({"log_uniform": [1, 100]}, 10, math.inf, 0.5),
        ({"integers": [1, 10]}, 2.5, 4.5, 0.2),
        ({"integers": [1, 10]}, 4.5, 2.5, 0.0),
        ({"normal": [0, 1]}, -math.inf, 1, 0.8413447460685429),
        ({"normal": [0, 1]}, 8, math.inf, 6.220960574271785e-16),
        ({"log_normal": [100, 0.5]}, 0, 1000, 0.9772498680518208),
        ({"log_normal": [100, 0.5]}, -5, -1, 0.0),
        ({"choice": [1, 2, 3]}, 2, 9, 2 / 3),
        ({"choice": [1, 2, 3], "weights": [1, 0, 3]}, 2, 9, 0.75),
        ({"poisson": 2}, 0, 1, 3 * math.exp(-2)),
        ({"poisson": 0}, 0, 1, 1.0),
        ({"poisson": 1e6}, 1e6, math.inf, 0.5),
    ],
)
def test_shares(value, low, high, expected):
    assert share(value, low, high) == pytest.approx(expected, rel=1e-3 if "poisson" in value else 1e-12, abs=0)


def test_less_than_one_percent_is_refused():
    assert wrong("real", RATIO, {"normal": [3, 0.5]}) == "only 0.0032 % of its draws are from 0.01 to 1"
    assert wrong("real", POSITIVE, {"uniform": [-2, -1]}) == "none of its draws are above 0"
    assert wrong("real", POSITIVE, {"uniform": [1, 2], "max": 0.5}) == "none of its draws are above 0 and at most 0.5"


@pytest.mark.parametrize("mean", [1e-10, 1e-9, 1.1e-9, 0.01, 0.5, 1, 5, 40, 700])
def test_the_slots_of_a_poisson_repeat(mean):
    """The least m with P(> m) < 1e-9, against a plain sum."""
    terms = [math.exp(-mean)]
    while len(terms) < 1000:
        terms.append(terms[-1] * mean / len(terms))
    tails = [math.fsum(terms[m + 1 :]) for m in range(999)]
    assert poisson_limit(mean, 65_536) == next(m for m, tail in enumerate(tails) if tail < 1e-9)
    assert poisson_limit(mean, next(m for m, tail in enumerate(tails) if tail < 1e-9) - 1) is None
