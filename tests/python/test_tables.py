"""Recipes that read tables: rows, joint draws, addresses."""

import csv

import numpy as np
import pytest
from table_toy import CATALOGUE, EXAMPLE, ROWS, assert_joint, faults, load, recipe

import lightmill as lm
from lightmill.recipe import RecipeError


def test_the_example_reads_its_file_bit_for_bit():
    example = lm.load(EXAMPLE)
    with (EXAMPLE.parent / "galaxies.csv").open() as file:
        lines = list(csv.DictReader(file))
    assert example.count == len(lines) == 4
    values = lm.parameters(example, 0, 4)
    names = {"flux": "flux", "index": "n", "half_light_radius": "hlr", "g1": "g1", "g2": "g2", "x": "dx", "y": "dy"}
    for parameter, column in names.items():
        assert values[f"galaxy.{parameter}"].tolist() == [float(line[column]) for line in lines]
    assert values["cat.row"].tolist() == [0, 1, 2, 3]


def test_rows_in_order_are_the_samples():
    loaded = load()
    assert loaded.count == loaded.plan.samples == ROWS
    values = lm.parameters(loaded, 0, ROWS)
    assert values["cat.row"].tolist() == list(range(ROWS))
    assert_joint(values)


def test_in_order_ends_with_the_table():
    loaded = load()
    assert len(lm.generate(loaded, ROWS - 1, ROWS)) == 1
    for start, stop in ((ROWS, ROWS + 1), (0, ROWS + 1), (2**64 - 2, 2**64 - 1)):
        with pytest.raises(ValueError, match=r"has no row in the table cat: it has 23 rows.*rows: cycle"):
            lm.generate(loaded, start, stop)
        with pytest.raises(ValueError, match="has no row in the table cat"):
            lm.parameters(loaded, start, stop)
    assert "count: 24 is more than the 23 samples" in faults(recipe(count=24), tables={"cat": CATALOGUE})
    with pytest.raises(RecipeError, match="count: 24 is more than"):
        loaded.with_(count=24)
    assert load(count=5).count == 5


def test_a_stream_ends_with_its_table():
    made = load()
    batches = list(lm.stream(made, 10))
    assert [len(batch.samples) for batch in batches] == [10, 10, 3]
    assert list(lm.stream(made, 2, start=ROWS)) == []


def test_more_samples_than_rows_are_refused_before_anything_is_written(tmp_path):
    with pytest.raises(RecipeError, match="count: 24 is more than"):
        lm.write(load(), tmp_path / "out", count=24)
    assert not (tmp_path / "out").exists()


def test_the_shortest_table_counts_and_realisations_share_a_row():
    short = {"level": [1.0, 2.0, 3.0]}
    both = recipe(tables={"cat": {}, "sky": {}}, realisations=4)
    both["tables"] = {"cat": {}, "night": {}}
    both["sky"] = {"column": "night.level"}
    loaded = lm.load(both, tables={"cat": CATALOGUE, "night": short})
    assert loaded.count == 12
    values = lm.parameters(loaded, 0, 12)
    assert values["night.row"].tolist() == values["cat.row"].tolist() == np.repeat([0, 1, 2], 4).tolist()
    with pytest.raises(ValueError, match="sample 12 has no row in the table night"):
        lm.parameters(loaded, 12, 13)


def test_rows_in_a_cycle_begin_again():
    loaded = load("cycle", count=100)
    far = 10**15
    for start in (0, far, 2**64 - 30):
        values = lm.parameters(loaded, start, start + 29)
        assert values["cat.row"].tolist() == [k % ROWS for k in range(start, start + 29)]
        assert_joint(values)
    assert load("cycle").count is None


def test_random_rows_are_even_joint_and_have_a_slot_of_their_own():
    values = lm.parameters(load("random"), 0, 23_000)
    assert_joint(values)
    counts = np.bincount(values["cat.row"], minlength=ROWS)
    assert len(counts) == ROWS
    assert ((counts - 1000.0) ** 2 / 1000.0).sum() < 55.0  # chi-square of 22 degrees of freedom, 1e-4
    plain = recipe()
    plain["objects"][0]["gaussian"] |= {"flux": 1, "fwhm": 2}
    del plain["tables"]
    assert lm.parameters(plain, 0, 50)["star.x"].tobytes() == values["star.x"][:50].tobytes()


def test_another_table_moves_no_row():
    more = recipe("random", sky={"column": "night.level"})
    more["tables"]["night"] = {"rows": "random"}
    with_both = lm.parameters(lm.load(more, tables={"cat": CATALOGUE, "night": {"level": [1.0, 2.0]}}), 0, 200)
    assert with_both["cat.row"].tolist() == lm.parameters(load("random"), 0, 200)["cat.row"].tolist()


@pytest.mark.parametrize("rows", ["in_order", "cycle", "random"])
@pytest.mark.parametrize("repeat", [1, 2])
def test_a_row_alone_is_the_row_of_the_whole(rows, repeat):
    loaded = load(rows, repeat)
    whole = lm.generate(loaded, 0, 11, threads=2)
    for k in (0, 3, 10):
        alone = lm.generate(loaded, k, k + 1, threads=1)
        assert alone.images.tobytes() == whole.images[k : k + 1].tobytes()
        assert alone.records.tobytes() == whole.records[k : k + 1].tobytes()
    images = lm.render(loaded, lm.parameters(loaded, 0, 11), samples=range(11))
    assert images.tobytes() == whole.images.tobytes()


def test_objects_that_are_repeated_take_a_row_each():
    for rows in ("in_order", "cycle"):
        loaded = load(rows, 5)
        values = lm.parameters(loaded, 0, 4)
        assert values["star.cat.row"].tolist() == np.arange(20.0).reshape(4, 5).tolist()
        assert_joint(values)
        assert "cat.row" not in values
    assert lm.parameters(loaded, 4, 5)["star.cat.row"].tolist() == [[20.0, 21.0, 22.0, 0.0, 1.0]]
    assert load("in_order", 5).count == 4
    batch = lm.generate(loaded, 0, 4)
    assert batch.objects["cat.row"].tolist() == np.arange(20.0).reshape(4, 5).tolist()


def test_a_repeat_that_varies_takes_random_rows():
    values = lm.parameters(load("random", {"integers": [0, 6]}), 0, 3000)
    rows = values["star.cat.row"]
    assert (~np.isnan(rows)).sum(axis=1).tolist() == values["star.repeat"].tolist()
    assert np.isnan(values["star.flux"]).tolist() == np.isnan(rows).tolist()
    assert_joint(values)
    assert (np.bincount(rows[~np.isnan(rows)].astype(int), minlength=ROWS) > 250).all()


def test_a_sample_shares_its_row_with_its_objects_where_asked():
    shared = recipe("in_order", {"integers": [1, 3]}, sky={"column": "cat.flux"})
    shared["objects"][0]["gaussian"] |= {
        "flux": {"column": "cat.flux", "per": "sample"},
        "fwhm": {"normal": [{"column": "cat.fwhm"}, 0.001], "per": "sample"},
    }
    values = lm.parameters(lm.load(shared, tables={"cat": CATALOGUE}), 0, ROWS)
    assert "star.cat.row" not in values
    for i in range(ROWS):
        there = values["star.flux"][i][~np.isnan(values["star.flux"][i])]
        assert set(there) == {values["sky.level"][i]} == {CATALOGUE["flux"][i]}
    assert abs(values["star.fwhm"][:, 0] - CATALOGUE["fwhm"]).max() < 0.01


def test_a_column_says_how_many_objects_there_are():
    counts = recipe(repeat={"column": "cat.n"})
    counts["objects"][0]["gaussian"] |= {"flux": 5, "fwhm": 2}
    loaded = lm.load(counts, tables={"cat": CATALOGUE})
    most = int(CATALOGUE["n"].max())
    written = loaded.resolved["objects"][0]["gaussian"]["repeat"]
    assert written == {"choice": [{"column": "cat.n"}], "max": most}
    batch = lm.generate(loaded, 0, ROWS)
    assert lm.load(loaded.resolved, tables={"cat": CATALOGUE}).resolved == loaded.resolved
    assert batch.objects["present"].shape == (ROWS, most)
    assert batch.objects["present"].sum(axis=1).tolist() == CATALOGUE["n"].tolist()
    for wrong, told in (
        (1.5, "the choice 1.5 is not allowed; repeat must be"),
        (-1, "no choice is allowed; repeat must be"),
    ):
        numbers = CATALOGUE["n"].astype(float)
        numbers[3] = wrong
        assert f"repeat: row 3 of cat: {told}" in faults(counts, tables={"cat": {**CATALOGUE, "n": numbers}})


def test_columns_stand_wherever_a_value_may():
    everywhere = recipe(
        "cycle",
        let={"L": {"log_normal": [{"column": "cat.flux"}, 0.01]}, "m": {"column": "cat.n", "times": -0.5}},
        sky={"level": {"column": "cat.flux"}},
        noise=["poisson", {"gaussian": {"sigma": {"column": "cat.fwhm"}}}],
    )
    everywhere["objects"][0]["gaussian"] |= {
        "x": {"choice": [{"column": "cat.fwhm"}, 7], "weights": [{"column": "cat.flux"}, 0]},
        "y": {"normal": [{"uniform": [{"column": "cat.fwhm"}, 5]}, 0.1], "max": {"column": "cat.flux"}},
        "let": {"double": "= 2 * flux"},
        "noise": [{"gaussian": {"sigma": {"column": "cat.fwhm"}}}],
    }
    values = lm.parameters(lm.load(everywhere, tables={"cat": CATALOGUE}), 0, 60)
    flux, fwhm = (np.asarray(CATALOGUE[name], np.float64)[values["cat.row"]] for name in ("flux", "fwhm"))
    assert (values["m"] == -0.5 * CATALOGUE["n"][values["cat.row"]]).all()
    assert abs(np.log10(values["L"] / flux)).max() < 0.05
    assert (values["star.x"] == fwhm).all()
    assert (values["star.double"] == 2 * flux).all()
    assert (values["sky.level"] == flux).all()
    assert (values["noise.gaussian.sigma"] == fwhm).all()
    assert (values["star.noise.gaussian.sigma"] == fwhm).all()


def test_render_follows_a_row_that_is_given():
    loaded = load("random", count=10)
    rows = np.array([5, 0, 22])
    images = lm.render(loaded, {"cat.row": rows, "star.x": 0.0}, noise=False)
    given = {"star.x": 0.0, "star.flux": CATALOGUE["flux"][rows], "star.fwhm": CATALOGUE["fwhm"][rows]}
    assert images.tobytes() == lm.render(loaded, given, noise=False).tobytes()
    for wrong in (23, -1, 0.5, np.nan):
        with pytest.raises(ValueError, match=r"cat.row .* is not allowed; cat has rows 0 to 22"):
            lm.render(loaded, {"cat.row": [wrong]})
