//! `keep` in the core: rounds, realisations, threads, and what a run that ends says.

use lightmill::batch::{self, Images, Values};
use lightmill::error::Error;
use lightmill::isa::Isa;
use lightmill::plan::Plan;
use lightmill::spec::Spec;

fn spec(keep: &str, realisations: u64) -> Spec {
    let json = format!(
        r#"{{"name": "kept", "seed": 3, "image": {{"rows": 12, "columns": 17, "gain": 1.5}},
        "realisations": {realisations},
        "let": {{"a": {{"normal": [0, 1], "min": 1}}, "b": "= 2 * a"}},
        "objects": [
            {{"name": "star", "model": "gaussian", "place": "objects[0].gaussian",
             "parameters": {{"x": 0, "y": {{"uniform": [-2, 2]}}, "flux": {{"log_uniform": [10, 1000]}}, "fwhm": 2,
                             "g1": {{"normal": [0, 0.5]}}, "g2": {{"normal": [0, 0.5]}}}}}},
            {{"name": "dot", "model": "gaussian", "place": "objects[1].gaussian", "repeat": {{"integers": [0, 3]}},
             "slots": 3,
             "parameters": {{"x": {{"uniform": [-6, 6]}}, "y": 0, "flux": 3, "fwhm": 2, "g1": 0, "g2": 0}}}}],
        "noise": [{{"kind": "gaussian", "parameters": {{"sigma": 2}}, "place": "noise[0].gaussian"}}],
        "keep": {keep}}}"#
    );
    serde_json::from_str(&json).expect("the recipe of a test is well formed")
}

const DRAWN: &str = r#"{"label": "b", "low": 3}, {"label": "dot.repeat", "low": 1, "high": 2}"#;
const MEASURED: &str = r#"{"label": "snr", "low": 5, "high": 40}"#;

type Bits = (Vec<u64>, Vec<u64>, Vec<u32>);

fn made(plan: &Plan, rows: &[u64], threads: usize) -> Bits {
    let mut records = vec![0.0; rows.len() * plan.width()];
    let mut measured = vec![0.0; rows.len() * plan.measures().len()];
    let mut image = vec![0.0; rows.len() * plan.pixels()];
    let values = Values { records: &mut records, measured: &mut measured };
    batch::generate(
        plan,
        rows,
        values,
        Images { image: &mut image, noiseless: None, variance: None, psf: None },
        threads,
    )
    .expect("buffers fit");
    let bits = |values: &[f64]| values.iter().map(|x| x.to_bits()).collect();
    (bits(&records), bits(&measured), image.iter().map(|x| x.to_bits()).collect())
}

#[test]
fn a_row_alone_is_as_it_is_among_others_on_any_threads_and_instructions() {
    for keep in [format!("[{DRAWN}]"), format!("[{MEASURED}]"), format!("[{DRAWN}, {MEASURED}]")] {
        let spec = spec(&keep, 2);
        let plan = Plan::new(&spec).unwrap();
        let rows = batch::range(7, 130).unwrap();
        let whole = made(&plan, &rows, 1);
        assert!(made(&plan, &rows, 3) == whole);
        for isa in Isa::available() {
            assert!(made(&Plan::on(isa, &spec).unwrap(), &rows, 2) == whole, "{}", isa.name());
        }
        let (records, measured, pixels) = rows
            .iter()
            .map(|row| made(&plan, &[*row], 1))
            .fold((vec![], vec![], vec![]), |(a, b, c): Bits, (x, y, z)| {
                ([a, x].concat(), [b, y].concat(), [c, z].concat())
            });
        assert!((records, measured, pixels) == whole);
    }
}

#[test]
fn parameters_alone_are_those_of_the_images() {
    for keep in [format!("[{DRAWN}]"), format!("[{MEASURED}, {DRAWN}]")] {
        let plan = Plan::new(&spec(&keep, 3)).unwrap();
        let rows: Vec<u64> = (0..200).rev().collect();
        let mut records = vec![0.0; rows.len() * plan.width()];
        batch::parameters(&plan, &rows, &mut records, 2).unwrap();
        assert!(records.iter().map(|x| x.to_bits()).eq(made(&plan, &rows, 2).0));
    }
}

#[test]
fn the_condition_that_refused_most_is_told() {
    let keep =
        r#"[{"label": "star.flux", "low": 20}, {"label": "b", "low": 19}, {"label": "snr", "low": 5}]"#;
    let plan = Plan::new(&spec(keep, 1)).unwrap();
    let mut records = vec![0.0; plan.width()];
    let Err(Error::Rejected(told)) = batch::parameters(&plan, &[9], &mut records, 1) else {
        panic!("nothing is 9.5 standard deviations away")
    };
    assert!(
        told.starts_with("keep.b: 65535 attempts gave no scene 9 that is kept; b must be 19 or more"),
        "{told}"
    );
    assert!(told.contains("and was so in 0 of "), "{told}");
}

#[test]
fn what_no_draw_can_meet_is_a_fault_of_the_recipe() {
    let keep =
        r#"[{"label": "star.flux", "high": 9}, {"label": "star.x", "low": 1}, {"label": "a", "low": 2}]"#;
    let Err(Error::Recipe(faults)) = Plan::new(&spec(keep, 1)) else { panic!("a bad recipe was taken") };
    let places: Vec<_> = faults.iter().map(|fault| fault.place.as_str()).collect();
    assert_eq!(places, ["keep.star.flux", "keep.star.x"]);
    assert_eq!(faults[0].message, "star.flux is from 10 to 1000, so that no scene has it 9 or less");
}
