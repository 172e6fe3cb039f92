"""Pictures of time series, and what a run of them says."""

import numpy as np
import pytest

import lightmill as lm
from lightmill.cli.app import run
from lightmill.preview import png, preview
from lightmill.preview_series import COLOURS, Panel, _ends, sheet
from lightmill.recipe.tables import tables
from lightmill.source import source


def colours(picture):
    return {colour for _, colour in picture.getcolors(1 << 20)}


@pytest.mark.parametrize("name", tables().systems)
def test_every_system_has_a_picture(name):
    picture = preview(lm.load(name, ["times.points=21"]), 4)
    assert picture.width > 800
    shown = {tuple(bytes.fromhex(colour[1:])) for colour in COLOURS[:2]}
    assert shown <= colours(picture)


def test_the_same_rows_make_the_same_picture():
    assert png(lm.load("pendulum"), 3) == png(lm.load("pendulum"), 3)


def test_a_failure_ends_its_line_and_is_told():
    recipe = lm.load("pendulum", ["times.points=21", "observe=[x]"])
    arrays = source(recipe).arrays(0, 3)
    whole = sheet(recipe, arrays)
    arrays["/series/x"][1, 10:] = np.nan
    arrays["/measured/failed"][1] = 2
    assert sheet(recipe, arrays).tobytes() != whole.tobytes()
    arrays["/series/x"][:] = np.nan
    assert tuple(bytes.fromhex(COLOURS[1][1:])) not in colours(sheet(recipe, arrays))


def test_one_scale_for_both_axes_of_a_path():
    line = (np.array([0.0, 4.0]), np.array([0.0, 1.0]))
    (left, right), (low, high) = _ends(Panel("", [line], equal=True), 1.0)
    assert right - left == pytest.approx(high - low)
    assert _ends(Panel("", [(np.array([np.nan]), np.array([1.0]))]), 1.0) is None
    (left, right), _ = _ends(Panel("", [(np.array([3.0]), np.array([1.0]))]), 1.0)
    assert left < 3 < right


@pytest.mark.parametrize(("stop", "said"), [("6", ""), ("1e7", "; 2 trajectories failed")])
def test_failures_are_told_where_there_are_any(tmp_path, capsys, stop, said):
    path = tmp_path / "swings.yaml"
    path.write_text(f"times: {{stop: {stop}, points: 3}}\nsystem: {{pendulum: {{length: 1, angle: 30}}}}\n")
    assert run(["generate", str(path), str(tmp_path / "out"), "--count", "2"]) == 0
    last = capsys.readouterr().out
    assert last.count("failed") == bool(said)
    assert f"/s){said}; complete" in last
