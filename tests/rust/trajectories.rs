//! Recipes of time series: faults at their places, rows alone, threads and instruction sets.

use lightmill::batch::{self, Curves, Told};
use lightmill::error::Error;
use lightmill::isa::Isa;
use lightmill::plan::Plan;
use lightmill::spec::Spec;

fn spec(times: &str, noise: &str) -> Spec {
    let json = format!(
        r#"{{"name": "swing", "seed": 3, "realisations": 2, "objects": [
            {{"name": "pendulum", "model": "pendulum", "place": "system.pendulum", "parameters": {{
                "length": {{"normal": [2, 0.2]}}, "angle": {{"uniform": [-90, 90]}}, "angular_velocity": 0,
                "gravity": "= G * length", "mass": 1, "damping": 0, "drive.amplitude": 0,
                "drive.angular_frequency": 1, "drive.phase": 0}}}}],
        "let": {{"G": {{"uniform": [4, 5], "per": "dataset"}}}},
        "series": {{"choices": {{"form": "newtonian", "solution": "closed_form"}}, "settings": {{"tolerance": 1e-10}},
            "times": {times}, "observe": ["x", "energy"], "noise": {noise}}}}}"#
    );
    serde_json::from_str(&json).expect("the recipe of a test is well formed")
}

const EVEN: &str = r#"{"start": 0, "stop": 5, "points": 11}"#;
const UNEVEN: &str = r#"{"start": 0, "stop": 5, "points": 11, "jitter": 0.5}"#;
const NOISE: &str =
    r#"[{"kind": "gaussian", "parameters": {"sigma": 0.1}, "on": ["x"], "place": "noise[0].gaussian"}]"#;

fn rows(plan: &Plan, rows: &[u64], threads: usize) -> Vec<u64> {
    let numbers = rows.len() * 11;
    let (mut x, mut energy, mut times) = (vec![0.0; numbers], vec![0.0; numbers], vec![0.0; numbers]);
    let mut records = vec![0.0; rows.len() * plan.width()];
    let mut measured = vec![0.0; rows.len() * plan.measures().len()];
    let curves = Curves {
        series: vec![&mut x, &mut energy],
        noiseless: vec![],
        times: Some(&mut times),
        measured: &mut measured,
    };
    batch::trajectories(plan, rows, &mut records, curves, threads).expect("buffers fit");
    [x, energy, times, measured].concat().into_iter().map(f64::to_bits).collect()
}

fn row(plan: &Plan, k: u64) -> Vec<u64> {
    rows(plan, &[k], 1)
}

#[test]
fn threads_and_neighbours_do_not_matter() {
    let plan = Plan::new(&spec(UNEVEN, NOISE)).unwrap();
    let many: Vec<u64> = (0..600).collect();
    let alone = rows(&plan, &many, 1);
    assert_eq!(alone, rows(&plan, &many, 3));
    for k in [0usize, 1, 255, 256, 599] {
        let own = row(&plan, k as u64);
        assert_eq!(own[..11], alone[k * 11..k * 11 + 11]);
        assert_eq!(own[22..33], alone[(1200 + k) * 11..(1200 + k) * 11 + 11]);
    }
}

#[test]
fn instruction_sets_do_not_matter() {
    let recipe = spec(EVEN, NOISE);
    let many: Vec<u64> = (0..50).collect();
    let all = Isa::available();
    let on = |isa: &Isa| rows(&Plan::on(*isa, &recipe).unwrap(), &many, 1);
    assert!(all.iter().all(|isa| on(isa) == on(&Isa::BASELINE)));
}

#[test]
fn realisations_share_times_and_trajectory() {
    let plan = Plan::new(&spec(UNEVEN, NOISE)).unwrap();
    let (one, other) = (row(&plan, 6), row(&plan, 7));
    assert_ne!(one[..11], other[..11]);
    assert_eq!(one[11..], other[11..]);
}

#[test]
fn every_fault_is_named_at_once() {
    let mut bad = spec(r#"{"start": 0, "stop": 0, "points": 11}"#, NOISE);
    bad.objects[0].parameters.remove("length");
    let series = bad.series.as_mut().unwrap();
    series.observe.push("colour".into());
    series.noise[0].on.push("y".into());
    let Err(Error::Recipe(faults)) = Plan::new(&bad) else { panic!("a bad recipe was taken") };
    let places: Vec<_> = faults.iter().map(|fault| fault.place.as_str()).collect();
    for place in ["system.pendulum", "times.stop", "observe[2]", "noise[0].gaussian.on[1]"] {
        assert!(places.contains(&place), "{place} is missing in {faults:?}");
    }
}

#[test]
fn a_setting_outside_its_range_is_refused() {
    let mut bad = spec(EVEN, "[]");
    bad.series.as_mut().unwrap().settings.insert("tolerance".into(), 0.0);
    assert!(Plan::new(&bad).err().unwrap().to_string().contains("tolerance must be"));
}

#[test]
fn buffers_of_the_wrong_size_are_refused() {
    let plan = Plan::new(&spec(EVEN, "[]")).unwrap();
    let (mut x, mut records, mut measured) = (vec![0.0; 11], vec![0.0; plan.width()], vec![0.0; 3]);
    let curves = Curves { series: vec![&mut x], noiseless: vec![], times: None, measured: &mut measured };
    let error = batch::trajectories(&plan, &[0], &mut records, curves, 1).unwrap_err();
    assert_eq!(error.to_string(), "1 rows have [11, 11] numbers; the buffers have [11]");
}

/// Information, bounds and derivatives of four rows, which have to do with conversions, expressions and noise that
/// follows from the signal.
fn told(isa: Isa, threads: usize) -> Vec<u64> {
    let noise = r#"[{"kind": "gaussian", "parameters": {"relative": 0.1}, "on": ["x"], "place": "noise[0]"},
        {"kind": "gaussian", "parameters": {"sigma": 0.1}, "on": ["x", "energy"], "place": "noise[1]"}]"#;
    let mut spec = spec(UNEVEN, noise);
    let names = r#"[{"name": "pendulum.angle", "place": "fisher[0]"}, {"name": "G", "place": "fisher[1]"},
        {"name": "pendulum.damping", "place": "fisher[2]"}]"#;
    spec.fisher = serde_json::from_str(names).expect("names are well formed");
    let plan = Plan::on(isa, &spec).expect("the effects are known");
    let mut records = vec![0.0; 4 * plan.width()];
    batch::parameters(&plan, &[0, 1, 2, 3], &mut records, threads).expect("buffers fit");
    let (mut fisher, mut bounds) = (vec![0.0; 36], vec![0.0; 12]);
    let into = Told { fisher: &mut fisher, bounds: &mut bounds };
    let reasons = batch::fisher(&plan, &[0, 1, 2, 3], &records, into, threads).expect("buffers fit");
    assert!(reasons.iter().all(Option::is_none) && bounds.iter().all(|bound| *bound > 0.0), "{reasons:?}");
    let (mut x, mut energy) = (vec![0.0; 4 * 3 * 11], vec![0.0; 4 * 3 * 11]);
    batch::variations(&plan, &[0, 1, 2, 3], &records, vec![&mut x, &mut energy], threads)
        .expect("buffers fit");
    [fisher, bounds, x, energy].concat().into_iter().map(f64::to_bits).collect()
}

#[test]
fn every_instruction_set_and_number_of_threads_tells_the_same_bits() {
    let wanted = told(Isa::BASELINE, 1);
    for isa in Isa::available() {
        for threads in [1, 2, 3] {
            assert!(told(isa, threads) == wanted, "{isa:?} on {threads} threads");
        }
    }
}
