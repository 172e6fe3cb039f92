//! The plan: every fault at once, rows alone, threads and processes.

use lightmill::batch::{self, Images, Values};
use lightmill::error::Error;
use lightmill::isa::Isa;
use lightmill::plan::Plan;
use lightmill::spec::Spec;
use proptest::prelude::*;

fn spec(json: &str) -> Spec {
    serde_json::from_str(json).expect("the recipe of a test is well formed")
}

fn stars() -> Spec {
    spec(
        r#"{"name": "stars", "seed": 3, "image": {"rows": 20, "columns": 17, "gain": 1.5},
        "objects": [
            {"name": "star", "model": "moffat", "place": "objects[0].moffat",
             "repeat": {"poisson": 2, "max": 9}, "slots": 9,
             "parameters": {"x": {"uniform": [-9, 9]}, "y": {"uniform": [-9, 9]}, "flux": {"log_uniform": [10, 1000]},
                            "gamma": {"normal": [2, 1]}, "beta": 3.5, "axis_ratio": 0.7, "angle": {"uniform": [0, 180]}},
             "noise": [{"kind": "poisson", "place": "objects[0].moffat.noise[0]"}]},
            {"name": "box", "model": "rectangle", "place": "objects[1].rectangle",
             "parameters": {"x": 0, "y": 0, "width": {"integers": [2, 6]}, "height": 3, "angle": 10, "intensity": 5,
             "fill": 1, "line_width": 0}}],
        "sky": {"level": 4, "subtract": true, "place": "sky"},
        "noise": [{"kind": "poisson", "place": "noise[0]"},
                  {"kind": "gaussian", "parameters": {"sigma": {"uniform": [0, 1]}}, "place": "noise[1].gaussian"}],
        "splits": [["train", 0.5], ["test", 0.5]]}"#,
    )
}

fn images(plan: &Plan, rows: &[u64], threads: usize) -> (Vec<u64>, Vec<u32>) {
    let mut records = vec![0.0; rows.len() * plan.width()];
    let mut image = vec![0.0; rows.len() * plan.pixels()];
    let out = Images { image: &mut image, noiseless: None, variance: None, psf: None };
    let mut measured = vec![0.0; rows.len() * plan.measures().len()];
    let values = Values { records: &mut records, measured: &mut measured };
    batch::generate(plan, rows, values, out, threads).expect("buffers fit");
    (records.iter().map(|x| x.to_bits()).collect(), image.iter().map(|x| x.to_bits()).collect())
}

#[test]
fn every_fault_is_named_at_once() {
    let mut bad = stars();
    bad.image.gain = -1.0;
    bad.realisations = 0;
    bad.objects[0].model = "mofat".into();
    bad.objects[1].parameters.remove("width");
    bad.objects[1].parameters.insert("colour".into(), lightmill::spec::Value::Constant(1.0));
    bad.noise[1].parameters.clear();
    bad.splits[0].1 = 0.7;
    let Err(Error::Recipe(faults)) = Plan::new(&bad) else { panic!("a bad recipe was taken") };
    let places: Vec<_> = faults.iter().map(|fault| fault.place.as_str()).collect();
    for place in [
        "image.gain",
        "realisations",
        "objects[0].moffat",
        "objects[1].rectangle",
        "noise[1].gaussian",
        "splits",
    ] {
        assert!(places.contains(&place), "{place} is missing in {faults:?}");
    }
    assert_eq!(faults.len(), 7, "{faults:?}");
}

#[test]
fn a_value_outside_its_range_says_what_is_allowed() {
    let mut bad = stars();
    bad.objects[1].parameters.insert("height".into(), lightmill::spec::Value::Constant(-2.0));
    let message = Plan::new(&bad).err().unwrap().to_string();
    assert_eq!(message, "objects[1].rectangle.height: -2 is not allowed; height must be above 0");
}

#[test]
fn threads_do_not_matter() {
    let plan = Plan::new(&stars()).unwrap();
    let rows: Vec<u64> = (100..400).collect();
    let alone = images(&plan, &rows, 1);
    for threads in [2, 3, 8] {
        assert!(images(&plan, &rows, threads) == alone);
    }
}

#[test]
fn instruction_sets_do_not_matter() {
    let rows: Vec<u64> = (0..100).collect();
    let slow = images(&Plan::on(Isa::BASELINE, &stars()).unwrap(), &rows, 1);
    for isa in Isa::available() {
        assert!(images(&Plan::on(isa, &stars()).unwrap(), &rows, 1) == slow, "{}", isa.name());
    }
}

#[test]
fn buffers_of_the_wrong_size_are_refused() {
    let plan = Plan::new(&stars()).unwrap();
    let mut records = vec![0.0; 2 * plan.width()];
    assert!(batch::parameters(&plan, &[1, 2, 3], &mut records, 1).is_err());
    let mut image = vec![0.0; plan.pixels()];
    let out = Images { image: &mut image, noiseless: None, variance: None, psf: None };
    assert!(batch::render(&plan, &[1, 2], &records, out, true, 1).is_err());
    assert!(batch::range(u64::MAX, 2).is_err());
}

#[test]
fn an_empty_recipe_makes_blank_images() {
    let plan = Plan::new(&spec(
        r#"{"name": "blank", "seed": 0, "image": {"rows": 3, "columns": 2}, "objects": []}"#,
    ));
    let (records, image) = images(&plan.unwrap(), &[0, 1], 2);
    assert!(records.is_empty() && image.iter().all(|bits| *bits == 0) && image.len() == 12);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_row_alone_is_the_row_of_the_whole(row in 0..u64::MAX - 20, at in 0usize..16) {
        let plan = Plan::new(&stars()).unwrap();
        let rows = batch::range(row, 16).unwrap();
        let (records, image) = images(&plan, &rows, 1);
        let (one, pixels) = images(&plan, &rows[at..=at], 1);
        prop_assert!(records[at * plan.width()..(at + 1) * plan.width()] == one);
        prop_assert!(image[at * plan.pixels()..(at + 1) * plan.pixels()] == pixels);
    }
}
