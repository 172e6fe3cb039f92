"""The pages: every model has one, and recipes in them run or fail the build."""

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("sphinx")

DOCS = Path(__file__).parents[2] / "docs"

GOOD = """# Good

```{recipe}
:samples: 2

image: {size: 16}
objects:
  - rectangle: {width: 5, height: 5}
```
"""
WRONG = GOOD.replace("width: 5", "width: -5")
CONF = f"""import sys
sys.path.insert(0, {str(DOCS / "_ext")!r})
extensions = ["myst_parser", "lightmill_docs.recipes"]
"""


@pytest.fixture
def models(monkeypatch):
    monkeypatch.syspath_prepend(str(DOCS / "_ext"))
    from lightmill_docs import models

    return models


def test_every_model_has_a_page(models):
    assert models.missing(DOCS) == []


def test_a_model_without_a_page_is_told(models, tmp_path):
    assert "models/noise/poisson.md" in models.missing(tmp_path)
    page = tmp_path / "models" / "noise" / "poisson.md"
    page.parent.mkdir(parents=True)
    page.write_text("# Poisson noise\n")
    assert "models/noise/poisson.md" not in models.missing(tmp_path)


def test_a_page_before_its_model_is_left_out(models, tmp_path):
    for name in ("rectangle", "pretzel"):
        page = tmp_path / "models" / "shape" / f"{name}.md"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(f"# {name}\n")
    assert models.early(tmp_path) == ["models/shape/pretzel.md"]


def build(folder: Path, text: str) -> subprocess.CompletedProcess:
    (folder / "conf.py").write_text(CONF)
    (folder / "index.md").write_text(text)
    command = [sys.executable, "-m", "sphinx", "-q", "-E", "-W", "--keep-going", folder, folder / "_build" / "html"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_recipe_in_a_page_is_run_once(tmp_path):
    pictures = []
    for _ in range(2):
        done = build(tmp_path, GOOD)
        assert done.returncode == 0, done.stderr
        pictures.append([(path.name, path.stat().st_mtime_ns) for path in (tmp_path / "_build/pictures").iterdir()])
    assert len(pictures[0]) == 1
    assert pictures[0] == pictures[1]
    assert f"_images/{pictures[0][0][0]}" in (tmp_path / "_build/html/index.html").read_text()


def test_a_recipe_that_is_wrong_fails_the_build_at_its_line(tmp_path):
    done = build(tmp_path, WRONG)
    assert done.returncode == 1
    assert "index.md:8: WARNING: objects[0].rectangle.width: -5 is not allowed" in done.stderr
