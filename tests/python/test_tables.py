"""Recipes that read tables: rows, joint draws, addresses, checksums, resuming."""

import copy
import csv
import multiprocessing
import pickle
import shutil
from pathlib import Path

import astropy.table
import numpy as np
import pytest

import lightmill as lm
from lightmill.recipe import RecipeError

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "from-table.yaml"
ROWS = 23
RNG = np.random.default_rng(4)
CATALOGUE = {
    "flux": RNG.uniform(100.0, 900.0, ROWS),
    "fwhm": RNG.uniform(2.0, 4.0, ROWS).astype(np.float32),
    "n": RNG.integers(0, 4, ROWS),
    "spare": ["text"] * ROWS,
}


def recipe(rows="in_order", repeat=1, **more):
    body = {"name": "star", "repeat": repeat, "x": {"uniform": [-3, 3]}, "flux": {"column": "cat.flux"}}
    body |= {"fwhm": {"column": "cat.fwhm"}}
    return {
        "name": "tables",
        "image": {"size": 16},
        "tables": {"cat": {"rows": rows}},
        "objects": [{"gaussian": body}],
        "noise": [{"gaussian": {"sigma": 1}}],
        **more,
    }


def load(*args, catalogue=CATALOGUE, **kwargs):
    return lm.load(recipe(*args, **kwargs), tables={"cat": catalogue})


def faults(source, **kwargs):
    with pytest.raises(RecipeError) as caught:
        lm.load(source, **kwargs)
    return str(caught.value)


def assert_joint(values, prefix="star."):
    """Every value is that of the row that is told."""
    rows = values[f"{prefix}cat.row"] if f"{prefix}cat.row" in values else values["cat.row"]
    there = ~np.isnan(rows)
    for name in ("flux", "fwhm"):
        wanted = np.asarray(CATALOGUE[name], np.float64)[rows[there].astype(int)]
        assert values[f"{prefix}{name}"][there].tobytes() == wanted.tobytes()


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


def test_resolved_recipes_name_the_table(tmp_path):
    shutil.copy(EXAMPLE.parent / "galaxies.csv", tmp_path)
    text = EXAMPLE.read_text()
    (tmp_path / "a.yaml").write_text(text)
    loaded = lm.load(tmp_path / "a.yaml", name="a")
    definition = loaded.resolved["tables"]["cat"]
    assert {key: definition[key] for key in ("file", "rows", "length")} == {
        "file": "galaxies.csv",
        "rows": "in_order",
        "length": 4,
    }
    (tmp_path / "b.yaml").write_text(loaded.yaml())
    assert lm.load(tmp_path / "b.yaml") == loaded
    assert lm.load(tmp_path / "b.yaml").checksum == loaded.checksum
    table = tmp_path / "galaxies.csv"
    table.write_text(table.read_text().replace("250000", "250001"))
    told = faults(tmp_path / "b.yaml")
    assert "b.yaml:" in told
    assert "tables.cat.sha256: it has changed since the recipe was resolved: SHA-256 " in told
    changed = lm.load(tmp_path / "a.yaml")
    assert changed.checksum != loaded.checksum
    table.unlink()
    assert "tables.cat.file: there is no file galaxies.csv in the folder" in faults(tmp_path / "b.yaml")
    # What was read stays with the recipe.
    assert lm.generate(loaded.with_(seed=3), 0, 4).labels["galaxy.flux"][1] == 250000.0


def test_a_changed_table_is_no_way_to_go_on(tmp_path):
    table, source = tmp_path / "cat.csv", tmp_path / "a.yaml"
    table.write_text("flux,fwhm\n" + "\n".join(f"{i + 10},2.5" for i in range(8)))
    text = "image: {size: 8}\ntables: {cat: cat.csv}\nobjects: [{gaussian: {flux: {column: cat.flux}, fwhm: 2}}]\n"
    source.write_text(text)
    lm.write(lm.load(source), tmp_path / "out", shard_rows=4)
    (tmp_path / "out" / "shards" / "00001.h5").unlink()
    (tmp_path / "out" / "manifest.json").unlink()
    table.write_text(table.read_text().replace("17,", "18,"))
    with pytest.raises(lm.DataError):
        lm.write(lm.load(source), tmp_path / "out", shard_rows=4, resume=True)


def test_a_data_set_needs_its_table_no_more(tmp_path):
    table, source = tmp_path / "cat.csv", tmp_path / "a.yaml"
    table.write_text("flux\n" + "\n".join(str(i + 10) for i in range(8)))
    source.write_text(
        "image: {size: 8}\ntables: {cat: cat.csv}\nobjects: [{gaussian: {flux: {column: cat.flux}, fwhm: 2}}]\n"
    )
    lm.write(source, tmp_path / "out")
    table.unlink()
    with lm.open(tmp_path / "out") as data:
        assert data.labels["cat.row"][...].tolist() == list(range(8))
        assert data.labels["gaussian.flux"][...].tolist() == [i + 10.0 for i in range(8)]
        assert "sha256" in data.recipe
    from lightmill.sink.verify import info, verify

    assert info(tmp_path / "out").shards == 1
    assert verify(tmp_path / "out") == []


def test_tables_in_memory_have_the_checksum_of_their_values():
    loaded = load()
    same = load(catalogue={name: list(values) for name, values in CATALOGUE.items()})
    assert same.checksum == loaded.checksum
    assert load(catalogue={**CATALOGUE, "spare": np.zeros(ROWS)}).checksum == loaded.checksum
    other = CATALOGUE["flux"].copy()
    other[7] = np.nextafter(other[7], 1e9)
    assert load(catalogue={**CATALOGUE, "flux": other}).checksum != loaded.checksum
    assert lm.load(loaded.resolved, tables={"cat": CATALOGUE}) == loaded
    assert lm.load(loaded) == loaded
    assert "tables.cat: it was in memory when the recipe was resolved; give it again" in faults(loaded.resolved)
    wrong = faults(loaded.resolved, tables={"cat": {**CATALOGUE, "flux": other}})
    assert "tables.cat.sha256: it has changed" in wrong
    CATALOGUE["flux"].flags.writeable = True
    before = lm.parameters(loaded, 0, 3)["star.flux"].tolist()
    kept = CATALOGUE["flux"][0]
    CATALOGUE["flux"][0] = 1.0
    assert lm.parameters(loaded, 0, 3)["star.flux"].tolist() == before
    CATALOGUE["flux"][0] = kept


def test_a_table_given_in_memory_needs_no_word_in_the_recipe():
    plain = recipe()
    del plain["tables"]
    loaded = lm.load(plain, tables={"cat": CATALOGUE})
    assert loaded.resolved["tables"]["cat"]["rows"] == "in_order"
    filed = copy.deepcopy(plain) | {"tables": {"cat": "cat.csv"}}
    assert "it is given to `load` in memory, and here is a file" in faults(filed, tables={"cat": CATALOGUE})
    assert "tables.other: nothing reads this table" in faults(plain, tables={"cat": CATALOGUE, "other": CATALOGUE})


def test_settings_reach_tables(tmp_path):
    shutil.copy(EXAMPLE.parent / "galaxies.csv", tmp_path / "other.csv")
    cycled = lm.load(EXAMPLE, ["tables.cat.rows=cycle", "count=9"])
    assert lm.parameters(cycled, 0, 9)["cat.row"].tolist() == [k % 4 for k in range(9)]
    assert lm.load(cycled, {"tables.cat.rows": "random"}).resolved["tables"]["cat"]["rows"] == "random"
    lone = {**recipe(), "tables": {"cat": "nowhere.csv"}}
    lone["objects"][0]["gaussian"]["fwhm"] = {"column": "cat.hlr"}
    moved = lm.load(lone, {"tables.cat.file": str(tmp_path / "other.csv"), "tables.cat.rows": "cycle"})
    assert moved.resolved["tables"]["cat"]["rows"] == "cycle"


def _in_worker(loaded, results):
    results.put(lm.generate(loaded, 0, 5).images.tobytes())


@pytest.mark.parametrize("method", ["fork", "spawn"])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_workers_have_the_table(method):
    loaded = load("random", 2)
    wanted = lm.generate(loaded, 0, 5)
    assert lm.generate(pickle.loads(pickle.dumps(loaded)), 0, 5).images.tobytes() == wanted.images.tobytes()
    context = multiprocessing.get_context(method)
    results = context.Queue()
    worker = context.Process(target=_in_worker, args=(loaded, results), daemon=True)
    worker.start()
    assert results.get(timeout=60) == wanted.images.tobytes()
    worker.join(60)


def test_branches_of_a_mixture_read_tables_too():
    star = {"name": "star", "flux": {"column": "cat.flux"}, "fwhm": {"column": "cat.fwhm"}}
    field = {"name": "field", "repeat": {"integers": [1, 4]}, "flux": {"column": "more.flux"}, "fwhm": 2}
    mixed = {
        "image": {"size": 16},
        "tables": {"cat": {"rows": "cycle"}, "more": {"rows": "random"}},
        "mixture": [
            {"class": "star", "weight": {"column": "cat.n"}, "objects": [{"gaussian": star}]},
            {"class": "field", "objects": [{"gaussian": field}]},
        ],
    }
    loaded = lm.load(mixed, tables={"cat": CATALOGUE, "more": CATALOGUE})
    values = lm.parameters(loaded, 0, 400)
    rows, is_star = values["cat.row"], values["class"] == 0
    assert rows.tolist() == [k % ROWS for k in range(400)]
    assert is_star.any()
    assert not is_star[CATALOGUE["n"][rows] == 0].any()
    assert (values["star.flux"][is_star].ravel() == CATALOGUE["flux"][rows[is_star]]).all()
    assert np.isnan(values["star.flux"][~is_star]).all()
    assert np.isnan(values["field.more.row"][is_star]).all()
    there = ~np.isnan(values["field.more.row"])
    assert there[~is_star].any(axis=1).all()
    taken = values["field.more.row"][there].astype(int)
    assert (values["field.flux"][there] == CATALOGUE["flux"][taken]).all()
    alone = lm.generate(loaded, 37, 38)
    assert alone.records.tobytes() == lm.generate(loaded, 0, 50).records[37:38].tobytes()
    images = lm.render(loaded, lm.parameters(loaded, 30, 50), samples=range(30, 50))
    assert images.tobytes() == lm.generate(loaded, 30, 50).images.tobytes()


def test_magnitudes_and_positions_take_columns():
    light = {"magnitude": {"column": "cat.mag"}, "fwhm": 2}
    light["position"] = {"disc": {"radius": {"column": "cat.r"}, "centre": [{"column": "cat.dx"}, 0]}}
    source = {"image": {"size": 16}, "zero_point": 25, "objects": [{"gaussian": light}]}
    table = astropy.table.QTable({"mag": [20.0, 22.5, 25.0], "r": [0.0, 0.0, 1.0], "dx": [1.5, -2.5, 3.5]})
    table["mag"].unit = "mag"
    values = lm.parameters(lm.load(source, tables={"cat": table}), 0, 3)
    assert np.allclose(values["gaussian.flux"], [100.0, 10.0, 1.0], rtol=1e-14)
    assert values["gaussian.x"][:2].tolist() == [1.5, -2.5]
    assert abs(values["gaussian.x"][2] - 3.5) <= 1.0
    table["mag"][1] = -600.0 * table["mag"].unit
    assert "row 1 of cat" in faults(source, tables={"cat": table})
