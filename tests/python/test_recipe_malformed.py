"""Bad recipes: every fault at once, one line each, with file, line and column, within a second."""

import time
from pathlib import Path

import pytest

from lightmill import tasks
from lightmill.recipe import RecipeError, load

FOLDER = Path(__file__).parent / "malformed"
FILES = sorted(FOLDER.glob("*.yaml"))
EXPECTED = (FOLDER / "expected.txt").read_text().splitlines()


def faults_of(source, **kwargs):
    with pytest.raises(RecipeError) as caught:
        load(source, **kwargs)
    return str(caught.value).splitlines()


def faults_of_bytes(tmp_path, data):
    path = tmp_path / "bad.yaml"
    path.write_bytes(data)
    return [line.removeprefix(f"{tmp_path}/") for line in faults_of(path)]


def test_there_are_enough_of_them_and_all_are_expected():
    assert len(FILES) >= 145
    assert {line.split(":")[0] for line in EXPECTED} == {path.name for path in FILES}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_says_where_and_what(path, monkeypatch):
    monkeypatch.chdir(FOLDER)
    start = time.process_time()
    assert faults_of(path.name) == [line for line in EXPECTED if line.startswith(f"{path.name}:")]
    assert time.process_time() - start < 1.0


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "bad.yaml:1:1: there is nothing here; a recipe needs at least `image` and `objects`"),
        (
            b"\xef\xbb\xbfimage: 3",
            "bad.yaml:1:1: the file starts with a byte order mark; save it as UTF-8 without one",
        ),
        ("image: 3".encode("utf-16"), "bad.yaml:1:1: the file is UTF-16; save it as UTF-8"),
        ("image: 3".encode("utf-32"), "bad.yaml:1:1: the file is UTF-32; save it as UTF-8"),
        (
            b"a: 3\n\x89HDF\0\0",
            "bad.yaml:2:5: the file is binary (it has NUL bytes); a recipe is YAML text",
        ),
        (
            b"image: 3\nname: caf\xe9\n",
            "bad.yaml:2:10: the byte 0xe9 is not UTF-8; a recipe is YAML text in UTF-8",
        ),
        (
            b"# " + b"x" * 200_000,
            "bad.yaml:1:1: the file is larger than 128 KiB; a recipe is a small text file",
        ),
        (
            b"a: [" + b"1," * 20_000 + b"]",
            "bad.yaml:1:19999: more than 10000 keys and values; a recipe is a small file",
        ),
        (b"a: " + b"{a: " * 100, "bad.yaml:1:129: nested deeper than 32 levels"),
        (b"[" * 100_000, "bad.yaml:1:34: nested deeper than 32 levels"),
        (b"- " * 50_000, "bad.yaml:1:67: nested deeper than 32 levels"),
        (b"\x7fELF\x02\x01\x01", "bad.yaml:1:1: the character U+007F is not allowed in YAML"),
    ],
    ids=["empty", "bom", "utf-16", "utf-32", "binary", "latin-1", "huge", "many", "deep", "brackets", "dashes", "elf"],
)
def test_files_that_are_no_recipe(tmp_path, data, expected):
    start = time.process_time()
    assert faults_of_bytes(tmp_path, data) == [expected]
    assert time.process_time() - start < 1.0


def test_many_faults_are_cut_to_the_first(tmp_path):
    text = "image: {size: 64}\nobjects:\n" + "  - a: 1\n" * 3000
    lines = faults_of_bytes(tmp_path, text.encode())
    assert len(lines) == 51
    assert lines[0].startswith("bad.yaml:3:5: objects[0].a: unknown object `a`; allowed: `gaussian`")
    assert lines[-1] == "and more; these are the first 50 faults"


def test_a_path_that_is_no_recipe(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("shapes.yaml").write_text("image: 3")
    Path("folder").mkdir()
    assert faults_of("shaps.yaml") == ['"shaps.yaml" is no file, task or model; did you mean `shapes.yaml`?']
    assert faults_of("sky-star") == ['"sky-star" is no file, task or model; did you mean `sky-stars`?']
    assert faults_of("sky-stars@7") == ['"sky-stars@7" is no file, task or model; did you mean `sky-stars`?']
    assert faults_of("mofat") == ['"mofat" is no file, task or model; did you mean `moffat`?']
    assert faults_of("spiral") == ["the model `spiral` is not available yet in lightmill 0.1"]
    known = ", ".join(tasks.names())
    assert faults_of("folder")[0].startswith(f'"folder" is a folder, not a recipe; tasks: {known}; models: gaussian')
    Path("folder/recipe.yaml").touch()
    assert faults_of("folder") == ['"folder" is a folder, not a recipe; did you mean `folder/recipe.yaml`?']
    for odd in ("", "a\0b", "x" * 5000):
        assert "is no file, task or model; tasks: " in faults_of(odd)[0] or odd == ""


def test_a_file_that_may_not_be_read(tmp_path, monkeypatch):
    path = tmp_path / "secret.yaml"
    path.write_text("image: 3")

    def refuse(*_args, **_options):
        raise PermissionError(13, "Permission denied")

    # Root may read everything, so that no mode of the file will do.
    monkeypatch.setattr(Path, "open", refuse)
    assert faults_of(path) == [f"{path}: cannot read the recipe: Permission denied"]


def test_a_source_that_cannot_be_a_recipe():
    with pytest.raises(TypeError, match="a recipe is a path, a mapping or a name, not int"):
        load(3)


def test_messages_are_single_printable_lines():
    name = "gal\x1b[31maxy\n" + "x" * 500
    [line] = faults_of({"image": {"size": 8}, "objects": [{"gaussian": {"flux": 1, "fwhm": 1, "name": name}}]})
    assert line.isprintable()
    assert len(line) < 250


MANY = {
    "bad objects": "objects:\n" + "- a: 1\n" * 3300,
    "unknown keys": "objects: []\n" + "".join(f"imagf{i}: 1\n" for i in range(4900)),
    "unknown parameters": "objects:\n- gaussian:\n" + "".join(f"    flux{i}: 1\n" for i in range(4900)),
    "no columns": f"objects: []\ntargets: {[f'a{i}' for i in range(9900)]}",
    "bad choices": f"objects:\n- gaussian: {{flux: 1, fwhm: {{choice: {[-1] * 9900}}}}}",
    "one name": "objects:\n" + "- gaussian: {flux: 3, fwhm: {uniform: [3, 4]}}\n" * 800,
    "blank lines": "\n" * 130_000 + "objects: 3",
}


@pytest.mark.parametrize("text", MANY.values(), ids=MANY)
def test_the_largest_files_are_answered_within_a_second(tmp_path, text):
    start = time.process_time()
    assert faults_of_bytes(tmp_path, f"image: {{size: 8}}\n{text}".encode())[0].startswith("bad.yaml:")
    assert time.process_time() - start < 1.0
