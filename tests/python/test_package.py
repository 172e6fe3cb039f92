"""The top level: names are there, cheap to import, and stay what they are."""

import importlib
import pkgutil
import subprocess
import sys

import pytest

import lightmill as lm

NAMES = [name for name in lm.__all__ if name.islower()]


@pytest.mark.parametrize("name", NAMES)
def test_a_function_is_not_hidden_by_the_module_it_lives_in(name):
    for module in pkgutil.walk_packages(lm.__path__, "lightmill."):
        importlib.import_module(module.name)
    assert callable(getattr(lm, name))
    assert getattr(lm, name) is getattr(lm, name)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'generat'"):
        _ = lm.generat


def test_help_imports_nothing_heavy():
    code = (
        "import sys\n"
        "from lightmill.cli.main import run\n"
        "run(['--help'])\n"
        "heavy = {'numpy', 'h5py', 'astropy', 'PIL', 'rich', 'pydantic', 'lightmill._core'} & set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "crosscheck" in done.stdout
