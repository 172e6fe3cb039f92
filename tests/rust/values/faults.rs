//! Faults of values: of the recipe, all at once, and of one row.

use super::{faults_of, plan, recipe};
use lightmill::batch;
use lightmill::error::Error;
use lightmill::plan::Plan;

fn error(plan: &Plan, rows: usize) -> String {
    let mut records = vec![0.0; rows * plan.width()];
    let rows = batch::range(0, rows).unwrap();
    let together = batch::parameters(plan, &rows, &mut records, 1).unwrap_err().to_string();
    let alone =
        rows.iter().find_map(|row| batch::parameters(plan, &[*row], &mut records[..plan.width()], 1).err());
    assert_eq!(alone.unwrap().to_string(), together);
    together
}

#[test]
fn a_loop_is_printed() {
    for (changes, expected) in [
        (
            vec![("LETS", r#""a": "= b", "b": "= c + 1", "c": "= sqrt(a)""#)],
            "let.a: a value cannot depend on itself: a -> b -> c -> a",
        ),
        (
            vec![("HEIGHT", r#""= height""#)],
            "box.height: a value cannot depend on itself: box.height -> box.height",
        ),
        (
            vec![("LETS", r#""a": {"normal": [0, "= star.flux"]}"#), ("FLUX", r#""= a""#)],
            "a -> star.flux -> a",
        ),
        (
            vec![("SIZE", r#""gamma": 2"#), ("BETA", r#""= clip(fwhm, 2, 3)""#)],
            "star.beta -> star.fwhm -> star.beta",
        ),
        (
            vec![("REPEAT", r#""= n""#), ("SLOTS", "3"), ("LETS", r#""n": "= star.repeat""#)],
            "n -> star.repeat -> n",
        ),
    ] {
        let faults = faults_of(&changes);
        assert!(faults.len() == 1 && faults[0].contains(expected), "{faults:?}\n{expected}");
    }
}

#[test]
fn faults_of_expressions_say_where_and_what() {
    for (changes, expected) in [
        (
            vec![("HEIGHT", r#""= 2 * widht""#)],
            "box.height: \"= 2 * widht\": character 7: no value is called widht; did you mean width?",
        ),
        (
            vec![("HEIGHT", r#""= 2 *""#)],
            "box.height: \"= 2 *\": character 6: a number, a name or ( is expected",
        ),
        (vec![("HEIGHT", r#""2""#)], "box.height: \"2\": character 1: an expression begins with ="),
        (vec![("HEIGHT", r#""= star.flux""#)], "character 3: star does not come before; move star up"),
        (vec![("SIGMA", r#""= star.fluxx""#)], "did you mean star.flux?"),
        (vec![("SIGMA", r#""= temperature""#)], "no value is called temperature; here are box.x, box.y"),
        (vec![("HEIGHT", r#""= temperature""#), ("LETS", "")], "here are x, y, width"),
        (
            vec![("LAST_FLUX", r#""= star.flux""#), ("SLOTS", "2"), ("REPEAT", "2")],
            "star is repeated, so star.flux is no one value",
        ),
        (
            vec![("REPEAT", r#""= flux""#), ("SLOTS", "2")],
            "star.repeat: \"= flux\": character 3: no value is called flux",
        ),
        (vec![("HEIGHT", r#""= 1 / 0""#)], "box.height: \"= 1 / 0\" is inf; height must be above 0"),
        (
            vec![("HEIGHT", r#""= a - 5""#), ("LETS", r#""a": 3"#)],
            "box.height: \"= a - 5\" is -2 with a = 3; height must be above 0",
        ),
        (
            vec![("HEIGHT", r#"{"uniform": ["= a", 2]}"#), ("LETS", r#""a": 3"#)],
            "box.height: uniform [3, 2]: the first must not be above the second",
        ),
        (
            vec![("HEIGHT", r#"{"normal": ["= -100", 1]}"#)],
            "box.height: under 1 % of the draws are allowed; height must be above 0",
        ),
        (vec![("HEIGHT", r#"{"normal": [1, {"uniform": [2, 1]}]}"#)], "box.height.normal[1]: uniform [2, 1]"),
        (
            vec![("HEIGHT", r#"{"normal": [1, 1], "uniform": [1, 2]}"#)],
            "box.height: give one of uniform, log_uniform",
        ),
        (
            vec![("HEIGHT", r#"{"log_normal": [0, 1]}"#)],
            "log_normal [0, 1]: the median is 0; it must be above 0",
        ),
        (vec![("REPEAT", r#"{"uniform": [1, 2]}"#), ("SLOTS", "2")], "star.repeat: repeat is a whole number"),
        (
            vec![("REPEAT", r#"{"choice": [1, "= 3 / 2"]}"#), ("SLOTS", "2")],
            "star.repeat: repeat is a whole number",
        ),
        (vec![("LETS", r#""pi": 3"#)], "let.pi: pi has a meaning of its own"),
        (vec![("LETS", r#""a-b": 3"#)], "let.a-b: \"a-b\" cannot be a name"),
        (vec![("BOX_LETS", r#""width": 3"#)], "box.let.width: width is a parameter of rectangle"),
        (vec![("SHAPE", r#""g1": 0.9, "g2": "= g1""#)], "star: g1 0.9, g2 0.9 is not allowed"),
    ] {
        let faults = faults_of(&changes);
        assert!(faults.len() == 1 && faults[0].contains(expected), "{faults:?}\n{expected}");
    }
    assert_eq!(
        faults_of(&[("HEIGHT", r#""= 1 +""#), ("SIGMA", "-1"), ("LAST_FLUX", r#""= nothing""#)]).len(),
        3
    );
}

#[test]
fn errors_of_a_row_name_the_place_and_the_numbers() {
    let a = ("LETS", r#""a": {"integers": [0, 3]}"#);
    for (changes, expected) in [
        (
            vec![a, ("HEIGHT", r#""= 6 / a""#)],
            "box.height: \"= 6 / a\" is inf with a = 0; height must be above 0 (in row ",
        ),
        (
            vec![a, ("SIGMA", r#""= 1.5 - a""#)],
            "noise[0].sigma: \"= 1.5 - a\" is -1.5 with a = 3; sigma must be from 0 to 1e18 (in row 0)",
        ),
        (
            vec![a, ("HEIGHT", r#"{"uniform": [2, "= a"]}"#)],
            "box.height: uniform [2, 0]: the first must not be above the second",
        ),
        (
            vec![a, ("HEIGHT", r#"{"normal": [2, "= 2 - a"]}"#)],
            "box.height: normal [2, -1]: the standard deviation is -1",
        ),
        (
            vec![a, ("REPEAT", r#""= a / 2""#), ("SLOTS", "2")],
            "star.repeat: \"= a / 2\" is 1.5 with a = 3; repeat must be from 0 to 2 and a whole number",
        ),
        (
            vec![a, ("REPEAT", r#"{"choice": ["= a / 2"]}"#), ("SLOTS", "2")],
            "star.repeat: the choice 1.5 is not allowed; repeat must be",
        ),
        (
            vec![a, ("SHAPE", r#""g1": "= 0.3 * a", "g2": "= g1""#)],
            "star: g1 0.8999999999999999, g2 0.8999999999999999 is not allowed",
        ),
        (
            vec![a, ("HEIGHT", r#"{"normal": [1, 1], "min": "= 20 * a"}"#)],
            "box.height: none of 65535 draws for scene",
        ),
    ] {
        let message = error(&plan(&changes), 40);
        assert!(message.contains(expected), "{message}\n{expected}");
    }
}

#[test]
fn the_row_of_an_error_counts_realisations() {
    let text = recipe(&[("LETS", r#""a": {"integers": [0, 9]}"#), ("HEIGHT", r#""= 6 / a""#)]);
    let text = text.replace("\"objects\"", "\"realisations\": 10, \"objects\"");
    let plan = Plan::from_json(&text).unwrap();
    let message =
        batch::parameters(&plan, &batch::range(0, 400).unwrap(), &mut vec![0.0; 400 * plan.width()], 1)
            .unwrap_err();
    let Error::Value { row, .. } = message else { panic!("{message}") };
    assert!(row % 10 == 0);
    let mut one = vec![0.0; plan.width()];
    assert!(
        batch::parameters(&plan, &[row], &mut one, 1).is_err()
            && batch::parameters(&plan, &[row.wrapping_sub(1) % 400], &mut one, 1).is_ok()
    );
}

#[test]
fn what_is_drawn_seldom_cannot_depend_on_what_changes_often() {
    for (changes, expected) in [
        (
            vec![("LETS", r#""a": {"uniform": [0, 1]}, "G": {"normal": ["= a", 1], "per": "dataset"}"#)],
            "let.G.normal[0]: this changes once a sample, but G is drawn once a data set",
        ),
        (
            vec![("LETS", r#""a": {"uniform": [0, {"uniform": [1, 2], "per": "object"}]}"#)],
            "let.a.uniform[1]: per: object is for values inside an object",
        ),
        (
            vec![
                ("STAR_LETS", r#""a": {"uniform": [0, "= flux"], "per": "sample"}"#),
                ("FLUX", r#"{"uniform": [1, 2]}"#),
                ("REPEAT", "2"),
                ("SLOTS", "2"),
            ],
            "star.let.a.uniform[1]: this changes once an object, but star.a is drawn once a sample",
        ),
    ] {
        let faults = faults_of(&changes);
        assert!(faults.len() == 1 && faults[0].contains(expected), "{faults:?}\n{expected}");
    }
}

#[test]
fn deep_values_are_refused() {
    let deep = |n: usize| format!(r#""a": {}1{}"#, r#"{"normal": [0, "#.repeat(n), "]}".repeat(n));
    assert!(plan(&[("LETS", &deep(10))]).width() > 0);
    assert!(faults_of(&[("LETS", &deep(30))])[0].contains("values can stand 16 deep"));
    assert_eq!(faults_of(&[("LETS", &deep(1000))]).len(), 1);
}
