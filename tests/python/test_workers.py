"""Rows made in worker processes, as data loaders do: each once, the same as anywhere, and no worker hangs."""

import multiprocessing
import pickle
import threading
import warnings

import pytest
from sink_toy import forked, wait

import lightmill as lm
from lightmill.once import once

WORKERS, ROWS = 3, 30
RECIPE = {
    "name": "workers",
    "seed": 5,
    "image": {"size": 12},
    "objects": [{"gaussian": {"name": "star", "x": {"uniform": [-3, 3]}, "flux": {"uniform": [50, 90]}, "fwhm": 2}}],
    "noise": [{"gaussian": {"sigma": 1}}],
    "targets": ["star.x"],
}


def row(recipe, number):
    """What a loader's data set gives for an index."""
    batch = lm.generate(recipe, number, number + 1, threads=2)
    return number, batch.images.tobytes(), batch.labels["star.flux"].tobytes(), batch.targets.tobytes()


@pytest.fixture(scope="module")
def wanted():
    batch = lm.generate(RECIPE, 0, ROWS, threads=2)
    columns = (batch.images, batch.labels["star.flux"], batch.targets)
    return [(number, *(column[number].tobytes() for column in columns)) for number in range(ROWS)]


def _work(recipe, numbers, results):
    for number in numbers:
        results.put(row(recipe, number))


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_loaders_get_every_row_once(method, wanted):
    context = multiprocessing.get_context(method)
    results, recipe = context.Queue(), lm.load(RECIPE)
    assert row(recipe, 0) == wanted[0]
    shares = [(recipe, range(worker, ROWS, WORKERS), results) for worker in range(WORKERS)]
    workers = [context.Process(target=_work, args=share, daemon=True) for share in shares]
    with warnings.catch_warnings():
        # Python >= 3.12 warns of forks beside threads, which is what is tried here.
        warnings.simplefilter("ignore", DeprecationWarning)
        for one in workers:
            one.start()
    found = [results.get(timeout=60) for _ in range(ROWS)]
    for one in workers:
        one.join(60)
    assert [one.exitcode for one in workers] == [0] * WORKERS
    assert sorted(found) == wanted
    assert results.empty()


def test_forked_while_threads_generate(wanted):
    stop, frozen = threading.Event(), pickle.dumps(lm.load(RECIPE))
    shared = [pickle.loads(frozen)]

    def generate():
        while not stop.is_set():
            # Fresh, so that at nearly any moment one of its properties is being computed.
            shared[0] = pickle.loads(frozen)
            row(shared[0], 3)

    threads = [threading.Thread(target=generate) for _ in range(2)]
    for one in threads:
        one.start()
    try:
        children = [forked(lambda number=number: _same(shared[0], wanted[number])) for number in range(ROWS)]
        assert [wait(child) for child in children] == [0] * ROWS
    finally:
        stop.set()
        for one in threads:
            one.join()


def _same(recipe, wanted):
    assert row(recipe, wanted[0]) == wanted


def test_forked_while_a_property_is_computed():
    begun, end = threading.Event(), threading.Event()

    class Slow:
        @once
        def value(self):
            if threading.current_thread() is thread:
                begun.set()
                end.wait(120)
            return 7

    thread = threading.Thread(target=lambda: Slow().value)
    thread.start()
    try:
        assert begun.wait(30)
        assert wait(forked(lambda: Slow().value)) == 0
    finally:
        end.set()
        thread.join()


class Counted:
    """Counts how often its property is computed."""

    def __init__(self):
        self.times = 0

    @once
    def value(self):
        """What it is."""
        self.times += 1
        return [self.times]


def test_once_is_computed_once_and_kept_by_the_instance():
    one, other = Counted(), Counted()
    assert one.value is one.value
    assert one.value == other.value == [1]
    assert one.value is not other.value
    assert pickle.loads(pickle.dumps(one)).value == [1]
    assert Counted.value.__doc__ == "What it is."


def test_threads_that_compute_at_once_get_the_same():
    meeting = threading.Barrier(2, timeout=30)

    class Slow:
        @once
        def value(self):
            meeting.wait()
            return object()

    slow, found = Slow(), []
    threads = [threading.Thread(target=lambda: found.append(slow.value)) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert found[0] is found[1] is slow.value
