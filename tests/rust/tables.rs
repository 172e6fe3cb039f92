//! Values from tables, without Python: rows, limits, what is at fault.

use lightmill::error::Error;
use lightmill::plan::{Plan, Table, Tables};
use std::collections::BTreeMap;
use std::sync::Arc;

const FLUX: [f64; 5] = [10.0, 1.0 / 3.0, 30.0, 1e29, 5e-324];

fn tables() -> Tables {
    let columns: [(&str, &[f64]); 3] =
        [("flux", &FLUX), ("g", &[0.1, 0.2, 0.3, 0.8, 0.1]), ("sd", &[1.0, 2.0, 3.0, -4.0, 5.0])];
    let columns = columns.into_iter().map(|(name, values)| (name.to_string(), Arc::from(values)));
    let table = Table::new(columns.collect()).expect("the columns are of one length");
    BTreeMap::from([("cat".to_string(), Arc::new(table))])
}

fn plan(rows: &str, repeat: u64, light: &str, more: &str) -> Result<Plan, Error> {
    let json = format!(
        r#"{{"name": "tables", "seed": 3, "image": {{"rows": 8, "columns": 8}}, "tables": {{"cat": "{rows}"}}, {more}
        "objects": [{{"name": "star", "model": "gaussian", "place": "objects[0].gaussian", "repeat": {repeat}, "slots": {repeat},
            "parameters": {{"x": 0, "y": 0, {light}, "g1": {{"column": "cat.sd", "times": 0.0}}, "g2": 0}}}}]}}"#
    );
    Plan::from_json_and(&json, &tables())
}

fn column(plan: &Plan, name: &str, rows: &[u64]) -> Result<Vec<f64>, Error> {
    let column = plan.columns().iter().find(|column| column.name == name).expect("the plan has this column");
    let mut records = vec![0.0; rows.len() * plan.width()];
    plan.draw(rows, &mut records)?;
    let records = records.chunks(plan.width());
    Ok(records.flat_map(|record| record[column.offset..column.offset + column.width].to_vec()).collect())
}

fn fault(plan: Result<Plan, Error>) -> (String, String) {
    match plan {
        Err(Error::Recipe(faults)) if faults.len() == 1 => {
            (faults[0].place.clone(), faults[0].message.clone())
        }
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("no fault was found"),
    }
}

#[test]
fn rows_are_read_as_they_stand_in_any_order_of_asking() {
    let flux = r#""flux": {"column": "cat.flux"}, "fwhm": 2"#;
    for (rows, samples) in [("in_order", Some(5)), ("cycle", None), ("random", None)] {
        let plan = plan(rows, 1, flux, "").expect("the recipe is right");
        assert_eq!(plan.samples(), samples);
        let whole = [0, 1, 2, 3, 4];
        let (found, stood) =
            (column(&plan, "cat.row", &whole).unwrap(), column(&plan, "star.flux", &whole).unwrap());
        for (row, flux) in found.iter().zip(&stood) {
            assert_eq!(flux.to_bits(), FLUX[*row as usize].to_bits());
        }
        for k in [4, 0, 2] {
            assert_eq!(column(&plan, "cat.row", &[k]).unwrap(), [found[k as usize]]);
        }
        assert_eq!(column(&plan, "star.flux", &[3, 1]).unwrap(), [stood[3], stood[1]]);
    }
}

#[test]
fn rows_in_order_come_to_an_end_and_a_cycle_does_not() {
    let flux = r#""flux": {"column": "cat.flux"}, "fwhm": 2"#;
    let ordered = plan("in_order", 2, flux, r#""realisations": 3,"#).expect("the recipe is right");
    assert_eq!(ordered.samples(), Some(6));
    assert_eq!(
        column(&ordered, "star.cat.row", &[0, 2, 3, 5]).unwrap(),
        [0.0, 1.0, 0.0, 1.0, 2.0, 3.0, 2.0, 3.0]
    );
    for rows in [&[6][..], &[4, 5, 6], &[u64::MAX]] {
        assert!(matches!(column(&ordered, "star.flux", rows), Err(Error::Argument(_))));
    }
    let cycle = plan("cycle", 2, flux, "").expect("the recipe is right");
    let last = u64::MAX;
    let wanted = ((last as u128 * 2) % 5) as f64;
    assert_eq!(column(&cycle, "star.cat.row", &[last]).unwrap()[0], wanted);
}

#[test]
fn every_row_is_checked_before_any_is_drawn() {
    let is = |fwhm: &str, message: &str| {
        let found = fault(plan("random", 1, &format!(r#""flux": 1, "fwhm": {fwhm}"#), ""));
        assert_eq!(found, ("objects[0].gaussian.fwhm".into(), message.into()));
    };
    is(r#"{"column": "cat.sd", "times": 2}"#, "row 3 of cat.sd is -8; fwhm must be above 0");
    let normal = r#"{"normal": [0, {"column": "cat.sd"}], "min": 0.1}"#;
    is(normal, "row 3 of cat: normal [0, -4]: the standard deviation is -4; it must be at least 0");
    let choice = r#"{"choice": [{"column": "cat.sd"}, -1]}"#;
    is(choice, "row 3 of cat: no choice is allowed; fwhm must be above 0");
    is(r#"{"column": "cat.size"}"#, "there are no numbers called cat.size");
    let small = r#"{"column": "cat.flux", "times": -1e-20}"#;
    is(small, "row 0 of cat.flux is -1e-19; fwhm must be above 0");
    is(r#"{"column": "cat"}"#, "there are no numbers called cat");
}

#[test]
fn tables_have_columns_of_one_length() {
    let columns = BTreeMap::from([("a".into(), Arc::from([1.0])), ("b".into(), Arc::from([1.0, 2.0]))]);
    let message = Table::new(columns).expect_err("they differ").to_string();
    assert_eq!(message, "column b has 2 numbers; the first column has 1");
}
