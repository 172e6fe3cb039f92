"""How many threads: what was asked, then the environment, then the processors."""

import pytest

from lightmill import threads


def test_what_is_asked_comes_first():
    assert threads.resolve(3, {"LIGHTMILL_THREADS": "5"}) == 3


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"LIGHTMILL_THREADS": "5", "RAYON_NUM_THREADS": "7"}, 5),
        ({"RAYON_NUM_THREADS": "7"}, 7),
        ({"LIGHTMILL_THREADS": "", "RAYON_NUM_THREADS": " 7 "}, 7),
        ({"LIGHTMILL_THREADS": "0", "RAYON_NUM_THREADS": "7"}, 7),
    ],
)
def test_then_the_variables_in_order(environment, expected):
    assert threads.resolve(None, environment) == expected


def test_then_the_processors_of_this_process(monkeypatch):
    monkeypatch.setattr(threads.os, "sched_getaffinity", lambda _process: {0, 4, 5}, raising=False)
    monkeypatch.setattr(threads, "_quota", lambda: None)
    assert threads.resolve(None, {}) == 3


@pytest.mark.parametrize(("text", "expected"), [("150000 100000\n", 2), ("50000 100000\n", 1), ("max 100000\n", 8)])
def test_a_container_may_have_less(monkeypatch, tmp_path, text, expected):
    quota = tmp_path / "cpu.max"
    quota.write_text(text)
    monkeypatch.setattr(threads, "_QUOTA", quota)
    monkeypatch.setattr(threads, "_affinity", lambda: 8)
    assert threads.available() == expected


@pytest.mark.parametrize("value", [0, -1, 1025, 10**20])
def test_nonsense_is_refused(value):
    with pytest.raises(ValueError, match=f"threads={value}: .* from 1 to 1024"):
        threads.resolve(value, {})


@pytest.mark.parametrize("value", ["two", "-1", "1.5", "2000"])
def test_nonsense_in_a_variable_is_refused_by_name(value):
    with pytest.raises(ValueError, match=f"LIGHTMILL_THREADS={value}: .* from 1 to 1024"):
        threads.resolve(None, {"LIGHTMILL_THREADS": value})
