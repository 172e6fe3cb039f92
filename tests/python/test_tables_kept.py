"""Recipes that read tables: checksums, resuming, settings, workers, other parts of the language."""

import copy
import multiprocessing
import pickle
import shutil

import astropy.table
import numpy as np
import pytest
from table_toy import CATALOGUE, EXAMPLE, ROWS, faults, load, recipe

import lightmill as lm


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
