"""Values are API: known recipes and seeds have known digests.

``tests/golden/digests.json`` was written by ``python tests/python/test_golden.py`` and says with which version. A
change of any digest is a change of ``stream_version`` or of a renderer, and an entry in the changelog.
"""

import hashlib
import json
from pathlib import Path

import pytest

import lightmill as lm
from lightmill import _core, tasks

DIGESTS = Path(__file__).parent.parent / "golden" / "digests.json"

MOFFAT = {
    "x": {"uniform": [-3, 3]},
    "y": 0.25,
    "flux": {"log_uniform": [100, 1e4]},
    "fwhm": 3,
    "beta": {"uniform": [2, 4]},
}
GAUSSIAN = {"flux": 500, "sigma": {"uniform": [0.3, 4]}, "g1": {"normal": [0, 0.2]}, "g2": 0.1}
RECTANGLE = {"width": {"uniform": [3, 12]}, "height": 5, "angle": {"integers": [0, 179]}, "x": 0.3}
STAR = [[9.5, 0], [-7.7, 5.6], [2.9, -9], [2.9, 9], [-7.7, -5.6]]
SHAPES = [
    {"ellipse": {"random": True, "repeat": 2}},
    {"circle": "random"},
    {"polygon": "random"},
    {"polygon": {"name": "star", "vertices": STAR, "angle": {"uniform": [0, 360]}, "line_width": 1, "intensity": 0.3}},
    {"arc": "random"},
    {"line": "random"},
]
SERSIC = {
    "flux": 900,
    "index": {"uniform": [0.5, 6]},
    "half_light_radius": {"log_uniform": [0.5, 5]},
    "axis_ratio": 0.6,
}
BULGE_DISK = {
    "x": {"uniform": [-4, 4]},
    "flux": {"uniform": [500, 5000]},
    "bulge_to_total": {"uniform": [0, 1]},
    "disk": {"index": 1, "half_light_radius": {"uniform": [2, 6]}, "axis_ratio": {"uniform": [0.2, 1]}, "angle": 20},
    "bulge": {
        "index": {"uniform": [1.5, 5]},
        "half_light_radius": "= disk.half_light_radius / 3",
        "x": {"normal": [0, 1]},
    },
}
NORMAL = {"gaussian": {"sigma": {"choice": [0.5, 2], "weights": [1, 3]}}}

RECIPES = {
    "moffat": {"objects": [{"moffat": MOFFAT}]},
    "gaussian": {"objects": [{"gaussian": GAUSSIAN}]},
    "sersic": {"objects": [{"sersic": SERSIC}, {"exponential": {"flux": 90, "half_light_radius": 2, "x": -4}}]},
    "psf": {
        "psf": {"moffat": {"fwhm": {"uniform": [1.5, 4]}, "beta": {"uniform": [1.5, 5]}, "g1": 0.1}},
        "objects": [
            {"sersic": SERSIC},
            {"star": {"flux": {"log_uniform": [10, 1e4]}, "x": {"uniform": [-20, 20]}, "repeat": 2}},
            {"gaussian": GAUSSIAN | {"noise": ["poisson"]}},
            {"moffat": MOFFAT},
            {"rectangle": RECTANGLE},
        ],
    },
    "expressions": {
        "let": {"size": {"log_normal": [2, 0.2]}},
        "objects": [{"gaussian": {"flux": "= 100 * size ** 2", "fwhm": {"normal": ["= size", "= size / 10"]}}}],
    },
    "bulge-disk": {
        "objects": [{"bulge_disk": BULGE_DISK}, {"bulge_disk": {"name": "any", "random": True, "repeat": 2}}]
    },
    "bulge-disk-psf": {"objects": [{"bulge_disk": BULGE_DISK}], "psf": {"gaussian": {"fwhm": 2.5}}, "noise": [NORMAL]},
    "rectangle": {"objects": [{"rectangle": RECTANGLE}]},
    "rectangle-binary": {"objects": [{"rectangle": RECTANGLE}], "edges": "binary"},
    "shapes": {"objects": SHAPES},
    "shapes-binary": {"objects": SHAPES, "edges": "binary"},
    "shapes-over": {"objects": [{"moffat": MOFFAT}, *SHAPES, {"rectangle": "random"}], "overlap": "over"},
    "shapes-max": {"objects": [*SHAPES, {"rectangle": "random"}], "overlap": "max"},
    "all-random": {"objects": [{"moffat": "random"}, {"gaussian": "random"}, {"rectangle": "random"}]},
    "gaussian-noise": {"objects": [], "noise": [NORMAL]},
    "poisson-faint": {"objects": [], "sky": 0.7, "noise": ["poisson"]},
    "poisson-bright": {"objects": [], "sky": {"log_uniform": [1, 1e6]}, "noise": ["poisson"]},
    "counts": {"objects": [], "noise": [{"poisson": {"mean": 3}}]},
    "both-noises": {"objects": [{"moffat": MOFFAT}], "sky": 20, "noise": ["poisson", NORMAL]},
    "object-noise": {"objects": [{"moffat": MOFFAT | {"noise": ["poisson", NORMAL]}}]},
    "repeats": {"objects": [{"moffat": MOFFAT | {"repeat": {"poisson": 3}}}]},
    "mixture": {
        "objects": [{"gaussian": GAUSSIAN}],
        "mixture": [
            {"class": "box", "weight": {"uniform": [1, 2]}, "objects": [{"rectangle": RECTANGLE}]},
            {"class": "stars", "objects": [{"moffat": MOFFAT | {"repeat": {"integers": [0, 3]}, "noise": [NORMAL]}}]},
            {"class": "box", "weight": 0.5, "objects": []},
        ],
    },
    "splits": {"objects": [], "splits": {"a": 0.5, "b": 0.5}, "realisations": 3, "noise": [NORMAL]},
}
SERIES = {
    "pendulum": {
        "times": {"start": 0, "stop": 8, "points": 33},
        "system": {"pendulum": {"length": {"uniform": [0.5, 3]}, "angle": {"uniform": [-175, 175]}}},
        "noise": [{"gaussian": {"relative": 0.1, "on": ["x", "energy"]}}],
    },
    "pendulum-driven": {
        "times": {"start": 1, "stop": 8, "points": 20, "jitter": 0.5, "gaps": {"number": 2, "length": 0.5}},
        "system": {"pendulum": {"random": True, "drive": {"amplitude": 0.5}}},
    },
}
TASKS = [tasks.path(name).stem for name in tasks.names()]


def digest(name):
    """SHA-256 over all labels and images of rows 0 to 7 and of one far row."""
    golden = {"name": name, "seed": 20, "image": {"size": [20, 31]}, **RECIPES.get(name, {})}
    if name in SERIES:
        golden = {"name": name, "seed": 20, **SERIES[name]}
    recipe = lm.load(name if name in TASKS else golden)
    sha = hashlib.sha256()
    for start, stop in [(0, 8), (10**15, 10**15 + 1)]:
        batch = lm.generate(recipe, start, stop)
        for key, values in sorted(batch.labels.items()):
            sha.update(key.encode() + values.tobytes())
        for key, values in sorted(batch.objects.items()):
            sha.update(key.encode() + values.tobytes())
        for key, values in sorted(batch.series.items()):
            sha.update(key.encode() + values.tobytes())
        sha.update(batch.images.tobytes() if batch.times is None else batch.times.tobytes())
    return sha.hexdigest()


@pytest.mark.parametrize("name", [*RECIPES, *SERIES, *TASKS])
def test_known_recipes_have_known_digests(name):
    known = json.loads(DIGESTS.read_text())
    assert known["stream_version"] == _core.STREAM_VERSION
    assert digest(name) == known["digests"][name]


def test_no_two_digests_are_alike():
    known = json.loads(DIGESTS.read_text())["digests"]
    assert len(set(known.values())) == len(known) == len(RECIPES) + len(SERIES) + len(TASKS)


if __name__ == "__main__":
    certificate = {
        "made_by": "python tests/python/test_golden.py",
        "lightmill": lm.__version__,
        "stream_version": _core.STREAM_VERSION,
        "digests": {name: digest(name) for name in [*RECIPES, *SERIES, *TASKS]},
    }
    DIGESTS.write_text(json.dumps(certificate, indent=2) + "\n")
