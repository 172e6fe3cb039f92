"""The command line: what it writes, what it says, and how it ends."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import numpy as np
import pytest
from PIL import Image

import lightmill as lm
from lightmill.cli import app
from lightmill.cli.app import COMMANDS, run

RECIPE = """\
name: field
seed: 3
count: 30
image: {size: [12, 16]}
objects:
  - gaussian:
      name: galaxy
      x: {uniform: [-4, 4]}
      flux: {uniform: [100, 200]}
      fwhm: 3
noise:
  - gaussian: {sigma: 1}
targets: [galaxy.flux]
"""
PROGRAM = [sys.executable, "-c", "from lightmill.cli import main; main()"]


@pytest.fixture
def recipe(tmp_path):
    path = tmp_path / "field.yaml"
    path.write_text(RECIPE)
    return str(path)


@pytest.fixture
def out(tmp_path):
    return str(tmp_path / "out")


def make(recipe, out, *options):
    assert run(["generate", recipe, out, "--quiet", *options]) == 0
    return lm.open(out)


def failure(capsys, code, *arguments):
    """Run what must end with this code and one line; return the line."""
    assert run([str(argument) for argument in arguments]) == code
    text = capsys.readouterr().err
    assert text.count("\n") == 1, text
    assert "Traceback" not in text
    return text


# What it writes.


def test_generate_makes_the_data_set_that_the_recipe_says(recipe, out, capsys):
    with make(recipe, out) as data:
        batch = lm.generate(recipe, 0, 30)
        np.testing.assert_array_equal(data.images[:], batch.images)
        np.testing.assert_array_equal(data.labels["galaxy.flux"], batch.labels["galaxy.flux"])
    said = capsys.readouterr().out
    assert re.fullmatch(rf"{out}: field, made 30 samples in 1 shard, .*B, in .* s \(.*/s\); complete\n", said)
    with Image.open(Path(out) / "preview.png") as picture:
        assert picture.format == "PNG"


def test_count_seed_and_settings_change_the_recipe(recipe, out):
    with make(recipe, out, "--count", "7", "--seed", "9", "--set", "galaxy.flux=50", "--set", "name=other") as data:
        assert len(data) == 7
        assert (data.manifest.seed, data.manifest.name) == (9, "other")
        assert set(data.labels["galaxy.flux"]) == {50.0}


def test_threads_and_parts_change_nothing(recipe, tmp_path):
    whole = make(recipe, str(tmp_path / "whole"), "--threads", "1")
    parts = str(tmp_path / "parts")
    assert run(["generate", recipe, parts, "--part", "1/2", "--quiet", "--threads", "2"]) == 0
    joined = make(recipe, parts, "--part", "2/2")
    np.testing.assert_array_equal(whole.images[:], joined.images[:])


def test_the_package_runs_as_a_module():
    done = subprocess.run([sys.executable, "-m", "lightmill", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"lightmill {lm.__version__}\n"


def test_a_row_that_the_core_refuses_is_no_unexpected_error(recipe, out, capsys):
    line = failure(capsys, 1, "generate", recipe, out, "--quiet", "--set", "galaxy.fwhm== x - 5")
    assert line.startswith("lightmill: objects[0].gaussian.fwhm: ")
    assert "(in row 0)" in line


def test_rows_beyond_a_table_are_not_drawn_and_not_explained(tmp_path, capsys):
    tmp_path.joinpath("cat.csv").write_text("flux\n1\n2\n3\n")
    path = tmp_path / "few.yaml"
    path.write_text(
        "image: {size: 16}\ntables: {cat: cat.csv}\nobjects: [{gaussian: {flux: {column: cat.flux}, fwhm: 2}}]\n"
    )
    picture = tmp_path / "few.png"
    assert run(["preview", str(path), "--output", str(picture)]) == 0
    assert capsys.readouterr().out == f"{picture}: 3 samples of few\n"
    assert run(["explain", str(path), "--sample", "2"]) == 0
    capsys.readouterr()
    assert "rows for samples 0 to 2" in failure(capsys, 2, "explain", path, "--sample", "3")


def test_a_dry_run_of_the_largest_count_does_not_count_shards(recipe, out, capsys):
    assert run(["generate", recipe, out, "--dry-run", "--count", str(2**63 - 1), "--part", "2/2"]) == 0
    assert "samples in 35,184,372,088,832 shards, " in capsys.readouterr().out


def test_a_dry_run_says_what_it_would_do_and_writes_nothing(recipe, out, capsys):
    assert run(["generate", recipe, out, "--dry-run", "--count", "1000000"]) == 0
    said = capsys.readouterr().out
    assert f"would write to {out}: field, seed 3: 1,000,000 samples in 8 shards, " in said
    assert "MB\n" in said
    assert re.search(r"/images +float32 +12×16 +intensity", said)
    assert "/labels/galaxy.flux" in said
    assert not Path(out).exists()
    assert run(["generate", recipe, out, "--dry-run", "--count", "1000000", "--part", "2/8"]) == 0
    assert "in 1 shard, " in capsys.readouterr().out


def test_what_is_there_is_kept_resumed_or_replaced_as_asked(recipe, out, capsys):
    make(recipe, out).close()
    capsys.readouterr()
    assert "holds a complete data set" in failure(capsys, 1, "generate", recipe, out)
    assert run(["generate", recipe, out, "--resume"]) == 0
    assert "1 shard there already; complete" in capsys.readouterr().out
    assert "holds another data set" in failure(capsys, 1, "generate", recipe, out, "--resume", "--seed", 4)
    with make(recipe, out, "--overwrite", "--seed", "4") as data:
        assert data.manifest.seed == 4


def test_a_model_s_name_will_do_for_a_recipe(out):
    with make("rectangle", out, "--count", "5") as data:
        assert data.images.shape == (5, 64, 64)
        assert len(set(data.labels["rectangle.width"])) == 5


# What it refuses.


@pytest.mark.parametrize(
    ("options", "allowed"),
    [
        (["--count", "0"], "x>=1"),
        (["--count", "-5"], "x>=1"),
        (["--count", "many"], "'many' is not a valid integer"),
        (["--seed", "-1"], "0<=x<="),
        (["--seed", str(2**64)], "0<=x<="),
        (["--part", "5/3"], "J from 1 to N"),
        (["--part", "0/3"], "J from 1 to N"),
        (["--part", "1"], "J from 1 to N"),
        (["--part", "1/-2"], "J from 1 to N"),
        (["--threads", "0"], "from 1 to 1024"),
        (["--threads", "9999"], "from 1 to 1024"),
        (["--set", "flux"], "path=value"),
        (["--set", "=3"], "path=value"),
        (["--resume", "--overwrite"], "choose one"),
        (["--part", "1/2", "--overwrite"], "remove it first"),
        (["--frobnicate"], "No such option"),
    ],
)
def test_bad_usage_is_exit_code_2_and_says_what_is_allowed(recipe, out, capsys, options, allowed):
    text = failure(capsys, 2, "generate", recipe, out, *options)
    assert allowed in text
    assert not Path(out).exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["generate"], "Missing argument 'RECIPE'"),
        (["frobnicate"], "No such command 'frobnicate'"),
        (["info"], "give a data set's folder, or --cpu"),
        (["info", ".", "--cpu"], "give a data set's folder, or --cpu"),
        (["preview", "moffat", "--output", "sheet.jpeg"], "ends in .png"),
        (["preview", "moffat", "--samples", "0"], "1<=x<=400"),
        (["crosscheck", "pentagram"], "no model is called pentagram"),
        (["validate", "no-such-recipe"], "no-such-recipe"),
        (["generate", "moffat", "out"], "--count N"),
    ],
)
def test_bad_usage_of_any_command(arguments, said, capsys):
    assert said in failure(capsys, 2, *arguments)


@pytest.mark.parametrize("name", ["LIGHTMILL_THREADS", "LIGHTMILL_ISA"])
def test_a_bad_environment_is_named(name, monkeypatch, capsys):
    monkeypatch.setenv(name, "nonsense")
    assert f"{name}=nonsense" in failure(capsys, 2, "info", "--cpu")


def test_every_fault_of_a_recipe_has_its_line_and_column(tmp_path, capsys):
    path = tmp_path / "bad.yaml"
    path.write_text(RECIPE.replace("fwhm: 3", "fwhm: -3").replace("flux: {", "flucks: {"))
    for command in (["validate", str(path)], ["generate", str(path), str(tmp_path / "out")]):
        assert run(command) == 2
        lines = capsys.readouterr().err.splitlines()
        assert any(line.startswith(f"{path}:9:") and "flucks" in line for line in lines)
        assert any(line.startswith(f"{path}:10:") and "fwhm" in line for line in lines)


def test_a_folder_without_a_parent_is_exit_code_1(recipe, tmp_path, capsys):
    assert "does not exist" in failure(capsys, 1, "generate", recipe, tmp_path / "no" / "out")
    assert not (tmp_path / "no").exists()


# The other commands.


def test_validate_says_what_a_recipe_makes(recipe, capsys):
    assert run(["validate", recipe]) == 0
    said = capsys.readouterr().out
    assert re.match(r"field: 30 samples of 12×16, \d+ columns, [\d.]+ kB\n", said)
    assert re.search(r"/labels/galaxy.fwhm +float64 +length +Full width", said)


def test_the_resolved_recipe_makes_the_same(recipe, tmp_path, capsys):
    assert run(["validate", recipe, "--resolved"]) == 0
    again = tmp_path / "again.yaml"
    again.write_text(capsys.readouterr().out)
    assert lm.load(again).checksum == lm.load(recipe).checksum


def test_a_folder_without_a_name_is_not_this_one(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert "has no name" in failure(capsys, 2, "generate", "moffat", "", "--count", "3")
    with pytest.raises(ValueError, match="has no name"):
        lm.write("moffat", "", count=3)
    assert not list(tmp_path.iterdir())


def test_preview_shows_no_more_than_there_is(tmp_path, capsys):
    table = Path(__file__).parents[2] / "docs" / "examples" / "from-table.yaml"
    assert run(["preview", str(table), "--output", str(tmp_path / "few.png")]) == 0
    assert "few.png: 4 samples of from-table" in capsys.readouterr().out


def test_preview_writes_a_picture_where_it_is_told(recipe, tmp_path, monkeypatch, capsys):
    assert run(["preview", recipe, "--output", str(tmp_path / "sheet.png"), "--samples", "4"]) == 0
    monkeypatch.chdir(tmp_path)
    assert run(["preview", recipe, "--samples", "4", "--set", "name=here"]) == 0
    for name in ("sheet.png", "here.png"):
        with Image.open(name) as picture:
            assert picture.format == "PNG"
    capsys.readouterr()
    assert "no/x.png: No such file" in failure(capsys, 1, "preview", recipe, "--output", "no/x.png")


def test_info_describes_a_data_set(recipe, out, capsys):
    make(recipe, out).close()
    capsys.readouterr()
    assert run(["info", out]) == 0
    said = capsys.readouterr().out
    assert f"{out}: field, 30 samples, seed 3\n1 of 1 shards" in said
    assert lm.load(recipe).checksum in said
    assert re.search(r"galaxy.fwhm +length +3 +0 +3 +3\n", said)


def test_info_describes_the_machine(capsys, monkeypatch):
    monkeypatch.setenv("LIGHTMILL_THREADS", "7")
    monkeypatch.setenv("LIGHTMILL_ISA", "baseline")
    assert run(["info", "--cpu"]) == 0
    said = capsys.readouterr().out
    assert "baseline (in use)" in said
    assert "threads: 7 of " in said


def test_verify_finds_a_flipped_bit_and_names_the_shard(recipe, out, capsys):
    make(recipe, out).close()
    assert run(["verify", out, "--quiet"]) == 0
    assert capsys.readouterr().out.endswith(": whole\n")
    shard = Path(out) / "shards" / "00000.h5"
    content = bytearray(shard.read_bytes())
    content[len(content) // 2] ^= 1
    shard.write_bytes(content)
    assert run(["verify", out, "--quiet"]) == 3
    assert "shards/00000.h5" in capsys.readouterr().out


def test_what_is_no_data_set_is_one_line(tmp_path, capsys):
    for command in ("info", "verify"):
        assert "is no data set" in failure(capsys, 1, command, tmp_path)


def test_crosscheck_prints_its_table(capsys, monkeypatch):
    assert run(["crosscheck", "rectangle", "-n", "2"]) == 0
    assert "rectangle (angle, coverage)" in capsys.readouterr().out
    monkeypatch.setattr(sys.modules["lightmill.reference.crosscheck"], "PIXEL", 0.0)
    assert run(["crosscheck", "rectangle", "-n", "2"]) == 1
    said = capsys.readouterr()
    assert "BROKEN" in said.out
    assert said.err.startswith("lightmill: promises of accuracy are broken by rectangle")


def test_help_is_quick_and_every_command_has_it(capsys):
    for command in ([], *([name] for name in COMMANDS)):
        assert run([*command, "--help"]) == 0
        assert "Usage: lightmill" in capsys.readouterr().out
    # The processor's time, which is the clock's on an idle machine and does not jump on a busy one.
    before = os.times()
    for _ in range(3):
        subprocess.run([*PROGRAM, "--help"], check=True, capture_output=True)
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    assert spent / 3 <= 0.3


def test_version(capsys):
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"lightmill {lm.__version__}\n"


# How it ends.


@pytest.mark.parametrize(
    ("fault", "code", "said"),
    [
        (MemoryError(), 1, "lightmill: not enough memory\n"),
        (OSError(28, "No space left on device", "out/x"), 1, "lightmill: out/x: No space left on device\n"),
        (PermissionError(13, "Permission denied"), 1, "lightmill: Permission denied\n"),
        (ZeroDivisionError("by\nzero"), 1, "lightmill: unexpected ZeroDivisionError: by zero (LIGHTMILL_DEBUG=1 shows"),
        (KeyboardInterrupt(), 75, "lightmill: stopped\n"),
        (SystemError(), 1, "lightmill: unexpected SystemError (LIGHTMILL_DEBUG=1 shows where)\n"),
    ],
)
def test_whatever_goes_wrong_is_one_line_and_a_code(monkeypatch, capsys, fault, code, said):
    def fail():
        raise fault

    monkeypatch.setattr(app.Commands, "get_command", lambda *_: click.Command("fail", callback=fail))
    assert said in failure(capsys, code, "fail")


def test_the_traceback_is_there_for_who_asks(monkeypatch, capsys):
    def fail():
        raise ZeroDivisionError

    monkeypatch.setattr(app.Commands, "get_command", lambda *_: click.Command("fail", callback=fail))
    monkeypatch.setenv("LIGHTMILL_DEBUG", "1")
    assert run(["fail"]) == 1
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_run_says_so_and_goes_on(recipe, out, number):
    command = [*PROGRAM, "generate", recipe, out, "--count", "100000", "--resume"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 30
    while not (Path(out) / "manifest.json").exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    running.send_signal(number)
    _, said = running.communicate(timeout=30)
    assert running.returncode == 75, said
    pattern = r"lightmill: stopped; 0 of 1 shards kept; the same command with --resume goes on\n"
    assert re.search(pattern, said)
    subprocess.run(command, check=True, capture_output=True)
    assert len(lm.open(out)) == 100_000


def test_a_signal_that_the_parent_ignores_stays_ignored():
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        with app._stopped_by_signals():
            assert signal.getsignal(signal.SIGTERM) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGTERM, before)


def test_a_reader_who_leaves_is_not_worth_a_word():
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([*PROGRAM, "info", "--cpu"], stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a system without /dev/full has no full disk to offer")
def test_a_full_disk_under_standard_output_is_one_line():
    with open("/dev/full", "w") as full:
        done = subprocess.run([*PROGRAM, "info", "--cpu"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "lightmill: No space left on device\n")


@pytest.mark.parametrize(("stop", "said"), [("6", ""), ("1e7", "; 2 trajectories failed")])
def test_failures_are_told_where_there_are_any(tmp_path, capsys, stop, said):
    path = tmp_path / "swings.yaml"
    path.write_text(f"times: {{stop: {stop}, points: 3}}\nsystem: {{pendulum: {{length: 1, angle: 30}}}}\n")
    assert run(["generate", str(path), str(tmp_path / "out"), "--count", "2"]) == 0
    last = capsys.readouterr().out
    assert last.count("failed") == bool(said) and f"/s){said}; complete" in last
