"""Progress: plain lines where there is no terminal, a bar where there is one."""

import io

from lightmill.progress import Bar, Lines, Silent, progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


class Closed(io.StringIO):
    def write(self, text):
        raise BrokenPipeError


def report(lines, clock, *reports):
    for now, stage, done in reports:
        clock["now"] = now
        lines(stage, done, 1000)


def test_a_line_every_few_seconds_with_rate_and_time_left():
    stream, clock = io.StringIO(), {"now": 0.0}
    lines = Lines(stream, lambda: clock["now"])
    report(
        lines, clock, (0, "making", 0), (1, "making", 50), (6, "making", 300), (7, "making", 350), (12, "making", 600)
    )
    assert stream.getvalue().splitlines() == [
        "making: 300 of 1,000 samples, 50/s, 14 s left",
        "making: 600 of 1,000 samples, 50/s, 8.0 s left",
    ]


def test_a_new_stage_has_a_rate_of_its_own():
    stream, clock = io.StringIO(), {"now": 0.0}
    lines = Lines(stream, lambda: clock["now"])
    report(lines, clock, (0, "checking", 0), (6, "checking", 600), (7, "making", 400), (12, "making", 500))
    assert stream.getvalue().splitlines()[-1] == "making: 500 of 1,000 samples, 20/s, 25 s left"


def test_a_listener_who_left_does_not_stop_the_run():
    clock = {"now": 0.0}
    report(Lines(Closed(), lambda: clock["now"]), clock, (0, "making", 0), (9, "making", 10))


def test_a_terminal_gets_a_bar():
    stream = Terminal()
    with progress(stream=stream) as bar:
        assert isinstance(bar, Bar)
        bar("making", 10, 100)
        bar("making", 90, 100)
    assert "90/100" in stream.getvalue()


def test_quiet_says_nothing():
    stream = Terminal()
    with progress(quiet=True, stream=stream) as reports:
        assert type(reports) is Silent
        reports("making", 1, 2)
    assert stream.getvalue() == ""
