//! Values that follow from others: scopes, `let`, `per`, nested draws, loops, errors of a row.
#![allow(clippy::disallowed_methods, clippy::unwrap_used)]

mod faults;
mod light;

use lightmill::batch;
use lightmill::error::Error;
use lightmill::plan::Plan;
use proptest::prelude::*;

/// A box and two sorts of stars; `changes` are put in place of the words in angle brackets.
fn recipe(changes: &[(&str, &str)]) -> String {
    let text = r#"{"name": "values", "seed": 5, "image": {"rows": 8, "columns": 8}, "let": {<LETS>},
        "objects": [
            {"name": "box", "model": "rectangle", "place": "box", "let": {<BOX_LETS>},
             "parameters": {"x": 0, "y": {"uniform": [-1, 1]}, "width": <WIDTH>, "height": <HEIGHT>, "angle": 0, "intensity": 1,
              "fill": 1, "line_width": 0}},
            {"name": "star", "model": "moffat", "place": "star", "let": {<STAR_LETS>}, "repeat": <REPEAT>, "slots": <SLOTS>,
             "parameters": {"x": <X>, "y": 0, "flux": <FLUX>, <SIZE>, "beta": <BETA>, <SHAPE>},
             "noise": [{"kind": "gaussian", "parameters": {"sigma": <OWN_SIGMA>}, "place": "star.noise[0]"}]},
            {"name": "last", "model": "gaussian", "place": "last",
             "parameters": {"x": 0, "y": 0, "flux": <LAST_FLUX>, "fwhm": 2, "g1": 0, "g2": 0}}],
        "noise": [{"kind": "gaussian", "parameters": {"sigma": <SIGMA>}, "place": "noise[0]"}]}"#;
    let defaults = [
        ("BOX_LETS", ""),
        ("STAR_LETS", ""),
        ("LETS", ""),
        ("WIDTH", r#"{"uniform": [1, 5]}"#),
        ("HEIGHT", "3"),
        ("REPEAT", "1"),
        ("SLOTS", "1"),
        ("X", "0"),
        ("LAST_FLUX", "7"),
        ("FLUX", "100"),
        ("SIZE", "\"fwhm\": 2"),
        ("BETA", "3"),
        ("SHAPE", "\"g1\": 0, \"g2\": 0"),
        ("OWN_SIGMA", "1"),
        ("SIGMA", "1"),
    ];
    changes
        .iter()
        .chain(&defaults)
        .fold(text.to_string(), |text, (word, value)| text.replace(&format!("<{word}>"), value))
}

fn plan(changes: &[(&str, &str)]) -> Plan {
    Plan::from_json(&recipe(changes)).unwrap_or_else(|error| panic!("{error}"))
}

/// The faults, each as `place: message`.
fn faults_of(changes: &[(&str, &str)]) -> Vec<String> {
    match Plan::from_json(&recipe(changes)) {
        Err(Error::Recipe(faults)) => faults.iter().map(|f| format!("{}: {}", f.place, f.message)).collect(),
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("a bad recipe was taken: {}", recipe(changes)),
    }
}

fn records(plan: &Plan, first: u64, rows: usize) -> Vec<f64> {
    let mut records = vec![0.0; rows * plan.width()];
    batch::parameters(plan, &batch::range(first, rows).unwrap(), &mut records, 1).unwrap();
    records
}

fn offset(plan: &Plan, name: &str) -> usize {
    plan.columns().iter().find(|column| column.name == name).unwrap_or_else(|| panic!("no {name}")).offset
}

/// A column of the rows from 0, its first object where it has several.
fn column(plan: &Plan, name: &str, rows: usize) -> Vec<f64> {
    let offset = offset(plan, name);
    records(plan, 0, rows).chunks(plan.width()).map(|record| record[offset]).collect()
}

#[test]
fn names_are_seen_from_the_inside_out() {
    let plan = plan(&[
        ("LETS", r#""a": 2, "b": "= a * 10", "area": "= box.width * box.height""#),
        ("BOX_LETS", r#""a": 3"#),
        ("HEIGHT", r#""= width + a""#),
        ("STAR_LETS", r#""half": "= flux / 2""#),
        ("FLUX", r#""= box.height * a + star.x""#),
        ("X", r#""= box.a""#),
        ("SIGMA", r#""= star.half""#),
    ]);
    let get = |name| column(&plan, name, 50);
    for (i, width) in get("box.width").into_iter().enumerate() {
        assert_eq!(get("box.height")[i], width + 3.0);
        assert_eq!(get("star.flux")[i], (width + 3.0) * 2.0 + 3.0);
        assert_eq!(get("star.half")[i], get("star.flux")[i] / 2.0);
        assert_eq!(get("noise.gaussian.sigma")[i], get("star.half")[i]);
        assert_eq!(get("area")[i], width * (width + 3.0));
    }
    assert_eq!((get("a")[7], get("b")[7], get("box.a")[7]), (2.0, 20.0, 3.0));
    assert!(
        plan.columns()
            .iter()
            .any(|c| c.name == "star.half" && c.parameter.as_deref() == Some("half") && !c.canonical)
    );
}

#[test]
fn the_ways_of_saying_a_thing_take_expressions() {
    let plan = plan(&[
        ("SIZE", r#""gamma": "= box.width""#),
        ("BETA", r#""= clip(gamma, 2, 3)""#),
        ("SHAPE", r#""axis_ratio": {"uniform": [0.2, 1]}, "angle": "= 10 * fwhm""#),
        ("SIGMA", r#""= star.g1 ** 2 + star.g2 ** 2""#),
    ]);
    let get = |name| column(&plan, name, 20);
    for (i, gamma) in get("star.gamma").into_iter().enumerate() {
        let (beta, q) = (gamma.clamp(2.0, 3.0), get("star.axis_ratio")[i]);
        let fwhm = 2.0 * gamma * (2.0_f64.powf(1.0 / beta) - 1.0).sqrt();
        let m2 = ((1.0 - q) / (1.0 + q)).powi(2);
        assert!(
            (get("star.fwhm")[i] - fwhm).abs() < 1e-13 && (get("star.angle")[i] - 10.0 * fwhm).abs() < 1e-12
        );
        assert!((get("noise.gaussian.sigma")[i] - m2).abs() < 1e-15);
    }
}

#[test]
fn a_constant_that_becomes_an_expression_moves_nothing_else() {
    let said = |height: &str, flux: &str| {
        let plan = plan(&[
            ("LETS", r#""a": 3, "b": {"normal": [0, 1]}"#),
            ("HEIGHT", height),
            ("FLUX", flux),
            ("REPEAT", r#"{"poisson": 2}"#),
            ("SLOTS", "9"),
            ("SHAPE", r#""g1": {"normal": [0, 0.5]}, "g2": {"normal": [0, 0.5]}"#),
        ]);
        records(&plan, 3, 300).into_iter().map(f64::to_bits).collect::<Vec<_>>()
    };
    let constant = said("6", r#"{"normal": [100, 10]}"#);
    assert!(said(r#""= 2 * a""#, r#"{"normal": ["= 200 / 2", "= a + 7"]}"#) == constant);
    let other = plan(&[("HEIGHT", r#""= width""#), ("LETS", r#""c": {"uniform": [0, 1]}"#)]);
    let plain = plan(&[]);
    for name in ["box.y", "box.width", "star.g1"] {
        assert_eq!(column(&other, name, 100), column(&plain, name, 100));
    }
}

fn moments(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (mean, (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n).sqrt())
}

#[test]
fn nested_draws_have_the_moments_of_their_mixture() {
    let plan = plan(&[(
        "LETS",
        r#""nested": {"normal": [{"normal": [10, 3]}, {"choice": [4]}]}, "L0": {"log_normal": [100, 0.2]},
           "between": {"uniform": [{"uniform": [0, 1]}, 2]}, "pick": {"choice": ["= L0", -1], "weights": [1, {"choice": [1, 3]}]},
           "cut": {"normal": [0, 1], "min": {"choice": [0]}}, "sum": "= nested + L0""#,
    )]);
    let get = |name| column(&plan, name, 40_000);
    let close = |(mean, sd): (f64, f64), (m, s): (f64, f64)| {
        assert!(
            (mean - m).abs() < 5.0 * s / 200.0 && (sd / s - 1.0).abs() < 0.02,
            "{mean} {sd}, not {m} {s}"
        );
    };
    close(moments(&get("nested")), (10.0, 5.0));
    close(moments(&get("L0").iter().map(|x| x.log10()).collect::<Vec<_>>()), (2.0, 0.2));
    // Uniform from a to 2, a uniform from 0 to 1: variance E[(2-a)^2]/12 + Var[(a+2)/2].
    close(moments(&get("between")), (1.25, (7.0f64 / 36.0 + 1.0 / 48.0).sqrt()));
    close(
        moments(&get("cut")),
        ((2.0 / std::f64::consts::PI).sqrt(), (1.0 - 2.0 / std::f64::consts::PI).sqrt()),
    );
    let picked = get("pick").iter().filter(|x| **x > 0.0).count() as f64 / 40_000.0;
    assert!((picked - 0.375).abs() < 0.013, "{picked}");
    let (nested, l0) = (get("nested"), get("L0"));
    assert!(get("sum").iter().zip(nested.iter().zip(&l0)).all(|(sum, (a, b))| *sum == a + b));
}

#[test]
fn per_says_how_often_a_value_is_drawn() {
    let plan = plan(&[
        (
            "LETS",
            r#""G": {"normal": [6, 1], "per": "dataset"}, "twice": "= 2 * G", "deep": {"normal": [{"uniform": [0, 9], "per": "dataset"}, 0]}"#,
        ),
        ("REPEAT", r#"{"integers": [0, 4]}"#),
        ("SLOTS", "4"),
        (
            "STAR_LETS",
            r#""common": {"uniform": [0, 1], "per": "sample"}, "own": {"uniform": ["= common", 2]}"#,
        ),
        ("FLUX", r#"{"uniform": ["= G", "= twice"], "per": "dataset"}"#),
        ("HEIGHT", r#"{"normal": ["= G", 0.1], "per": "dataset"}"#),
    ]);
    let same = |values: Vec<f64>| values.iter().all(|v| *v == values[0] && v.is_finite());
    for name in ["G", "twice", "deep", "box.height"] {
        assert!(same(column(&plan, name, 100)), "{name}");
    }
    let (mut seen, width) = (vec![], plan.width());
    for record in records(&plan, 0, 100).chunks(width) {
        let objects = |name| {
            record[offset(&plan, name)..][..4].iter().copied().filter(|v| !v.is_nan()).collect::<Vec<_>>()
        };
        let (common, own, flux) = (objects("star.common"), objects("star.own"), objects("star.flux"));
        assert_eq!(common.len(), record[offset(&plan, "star.repeat")] as usize);
        assert!(common.is_empty() || same(common.clone()));
        assert!(
            own.windows(2).all(|pair| pair[0] != pair[1])
                && own.iter().zip(&common).all(|(own, common)| own >= common)
        );
        seen.extend(flux);
    }
    assert!(seen.len() > 100 && same(seen));
}

#[test]
fn pairs_are_drawn_anew_together() {
    let pairs = [
        r#""g1": {"normal": [0, 0.7]}, "g2": "= g1 * 0.9""#,
        r#""g1": {"normal": [0, 0.7], "per": "sample"}, "g2": {"normal": ["= g1", 0.7]}"#,
        r#""g1": {"normal": [0, 0.7], "per": "dataset"}, "g2": {"normal": [0.9, 0.1], "per": "dataset"}"#,
    ];
    for (i, pair) in pairs.into_iter().enumerate() {
        let plan = plan(&[("SHAPE", pair), ("REPEAT", "2"), ("SLOTS", "2")]);
        for record in records(&plan, 0, 300).chunks(plan.width()) {
            let (g1, g2) =
                (&record[offset(&plan, "star.g1")..][..2], &record[offset(&plan, "star.g2")..][..2]);
            assert!((0..2).all(|i| g1[i].hypot(g2[i]) < 0.9802), "{g1:?} {g2:?}");
            assert!(i != 0 || (g1[0] != g1[1] && g2[0] == g1[0] * 0.9));
            assert!(i != 1 || (g1[0] == g1[1] && g2[0] != g2[1]));
            assert!(i != 2 || (g1[0] == g1[1] && g2[0] == g2[1]));
        }
    }
    let knot =
        faults_of(&[("STAR_LETS", r#""a": "= g1""#), ("SHAPE", r#""g1": {"normal": [0, 1]}, "g2": "= a""#)]);
    assert!(
        knot.len() == 1
            && knot[0].contains(
                "star: the values of star.g1, g2 are drawn together, so star.a cannot stand between"
            ),
        "{knot:?}"
    );
}

#[test]
fn what_follows_is_worked_out_anew_from_what_is_given() {
    let plan = plan(&[
        ("LETS", r#""a": {"uniform": [1, 2]}"#),
        ("HEIGHT", r#""= 2 * a""#),
        ("SIZE", r#""gamma": "= box.height""#),
        ("SIGMA", r#""= star.fwhm""#),
    ]);
    let number = |name: &str| plan.columns().iter().position(|column| column.name == name).unwrap();
    let drawn = records(&plan, 0, 3);
    let mut same = drawn.clone();
    plan.complete(&mut same, &[]).unwrap();
    assert!(same == drawn);
    let mut given = drawn.clone();
    given[offset(&plan, "a")] = 4.0;
    plan.complete(&mut given, &[number("a")]).unwrap();
    assert_eq!((given[offset(&plan, "box.height")], given[offset(&plan, "star.gamma")]), (8.0, 8.0));
    assert_eq!(given[offset(&plan, "noise.gaussian.sigma")], given[offset(&plan, "star.fwhm")]);
    assert!(given[plan.width()..] == drawn[plan.width()..]);
    plan.complete(&mut given, &[number("a"), number("box.height")]).unwrap();
    given[offset(&plan, "a")] = -1.0;
    let message = plan.complete(&mut given, &[number("a")]).unwrap_err().to_string();
    assert!(message.contains("box.height: \"= 2 * a\" is -2 with a = -1"), "{message}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn a_row_alone_is_the_row_of_the_whole(row in 0..u64::MAX - 40, at in 0usize..32) {
        let plan = plan(&[
            ("LETS", r#""a": {"normal": [5, 1]}, "n": "= box.width * a""#),
            ("HEIGHT", r#""= exp(a / 10) + sind(n)**2""#),
            ("REPEAT", r#"{"poisson": "= box.width"}"#),
            ("SLOTS", "6"),
            ("SHAPE", r#""axis_ratio": {"uniform": ["= 1 / (1 + a**2)", 1]}, "angle": "= axis_ratio * 100""#),
            ("FLUX", r#"{"log_normal": [{"uniform": [1, 9]}, "= beta / 10"]}"#),
            ("BETA", r#"{"uniform": [2, 4]}"#),
        ]);
        let whole = records(&plan, row, 32);
        let bits = |values: &[f64]| values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
        prop_assert!(bits(&whole[at * plan.width()..][..plan.width()]) == bits(&records(&plan, row + at as u64, 1)));
    }
}
