//! Light by magnitude and positions: what is missing, said twice or impossible, and rows alone.

use super::{column, offset, records};
use lightmill::isa::Isa;
use lightmill::plan::Plan;

const STAR: &str = r#"{"name": "light", "seed": 5, "image": {"rows": 8, "columns": 8}<ZERO>,
    "objects": [{"name": "star", "model": "gaussian", "place": "star", "repeat": 3, "slots": 3<POSITION>,
        "parameters": {<CENTRE> <LIGHT>, "fwhm": {"uniform": [1, 2]}, "g1": 0, "g2": 0}}]}"#;
const DISC: &str = r#", "position": {"disc": {"radius": "= fwhm"}}"#;

fn said(zero: &str, position: &str, centre: &str, light: &str) -> String {
    let words = [("<ZERO>", zero), ("<POSITION>", position), ("<CENTRE>", centre), ("<LIGHT>", light)];
    words.iter().fold(STAR.to_string(), |text, (word, value)| text.replace(word, value))
}

fn faults(zero: &str, position: &str, centre: &str, light: &str) -> String {
    Plan::from_json(&said(zero, position, centre, light))
        .err()
        .map_or(String::new(), |error| error.to_string())
}

#[test]
fn what_is_missing_or_said_twice_is_a_fault() {
    let centre = r#""x": 0, "y": 0,"#;
    let magnitude = r#""magnitude": 20"#;
    assert_eq!(
        faults("", "", centre, magnitude),
        "star.magnitude: magnitude needs zero_point, the magnitude of one unit of flux"
    );
    assert_eq!(
        faults(r#", "zero_point": 99"#, "", centre, magnitude),
        "zero_point: 99 is not allowed; zero_point must be from -40 to 40"
    );
    assert_eq!(
        faults("", DISC, centre, r#""flux": 1"#),
        "star.position: the position stands for x, y; x says it a second time"
    );
    assert_eq!(
        faults("", r#", "position": {}"#, "", r#""flux": 1"#),
        "star.position: give one of disc, annulus, ball, shell"
    );
    assert_eq!(
        faults("", "", centre, r#""surface_brightness": {"uniform": [1, 2]}"#).as_str(),
        "",
        "a surface brightness needs no zero point"
    );
}

#[test]
fn rows_alone_and_instruction_sets_give_the_same_bits() {
    let text = said(r#", "zero_point": 25"#, DISC, "", r#""magnitude": {"uniform": [20, 22]}"#);
    let spec = serde_json::from_str(&text).unwrap();
    let bits = |plan: &Plan, first, rows| -> Vec<u64> {
        records(plan, first, rows).iter().map(|value| value.to_bits()).collect()
    };
    let whole = Plan::on(Isa::best(), &spec).unwrap();
    let all = bits(&whole, 0, 40);
    for isa in Isa::available() {
        assert!(bits(&Plan::on(isa, &spec).unwrap(), 0, 40) == all, "{}", isa.name());
    }
    for row in [0, 7, 39] {
        let begin = row as usize * whole.width();
        assert!(bits(&whole, row, 1) == all[begin..begin + whole.width()]);
    }
    let at = |name| offset(&whole, name);
    for record in records(&whole, 0, 40).chunks(whole.width()) {
        for i in 0..3 {
            let (x, y) = (record[at("star.x") + i], record[at("star.y") + i]);
            assert!((x * x + y * y).sqrt() <= record[at("star.fwhm") + i] * (1.0 + 1e-15));
            let flux = 10.0_f64.powf(0.4 * (25.0 - record[at("star.magnitude") + i]));
            assert!((record[at("star.flux") + i] / flux - 1.0).abs() < 1e-14);
        }
    }
}

#[test]
fn a_constant_flux_that_is_too_large_is_a_fault() {
    let size = r#""surface_brightness": 1e20, "fwhm": 1e9"#;
    let text = said("", "", r#""x": 0, "y": 0,"#, size).replace(r#", "fwhm": {"uniform": [1, 2]}"#, "");
    let message = Plan::from_json(&text).err().unwrap().to_string();
    assert_eq!(
        message,
        "star.surface_brightness: surface_brightness 100000000000000000000 is not allowed; \
         one that gives a flux from -1e30 to 1e30"
    );
}

#[test]
fn a_single_object_is_placed_as_a_repeated_one() {
    let single = said("", DISC, "", r#""flux": 1"#).replace(r#""repeat": 3, "slots": 3"#, r#""repeat": 1"#);
    let (single, several) =
        (Plan::from_json(&single).unwrap(), Plan::from_json(&said("", DISC, "", r#""flux": 1"#)).unwrap());
    for name in ["star.x", "star.y"] {
        assert_eq!(column(&single, name, 50), column(&several, name, 50), "{name}");
    }
}
