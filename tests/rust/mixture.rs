//! The branches of a mixture: how often each is drawn, what it has, and what moves nothing else.
#![allow(clippy::unwrap_used)]

use lightmill::batch::{self, Images, Values};
use lightmill::error::Error;
use lightmill::isa::Isa;
use lightmill::plan::Plan;
use lightmill::spec::Spec;

/// A common star, and branches of these classes and weights; each draws a box of its own name.
fn spec(branches: &[(&str, &str)]) -> Spec {
    let mixture: Vec<_> = branches
        .iter()
        .enumerate()
        .map(|(i, (class, weight))| {
            format!(r#"{{"class": "{class}", "weight": {weight}, "place": "mixture[{i}]"}}"#)
        })
        .collect();
    let boxes: Vec<_> = (0..branches.len()).map(|i| object(i, "1", 1, "3")).collect();
    parse(&mixture.join(","), &boxes.join(","))
}

fn object(branch: usize, repeat: &str, slots: usize, height: &str) -> String {
    format!(
        r#"{{"name": "box{branch}", "model": "rectangle", "place": "box{branch}", "branch": {branch}, "repeat": {repeat},
            "slots": {slots}, "parameters": {{"x": {{"uniform": [-4, 4]}}, "y": 0, "width": {{"uniform": [1, 5]}},
            "height": {height}, "angle": 0, "intensity": 1, "fill": 1, "line_width": 0}},
            "noise": [{{"kind": "gaussian", "parameters": {{"sigma": 0.1}}, "place": "box{branch}.noise[0]"}}]}}"#
    )
}

fn parse(mixture: &str, objects: &str) -> Spec {
    let text = format!(
        r#"{{"name": "mixture", "seed": 9, "image": {{"rows": 9, "columns": 12}}, "let": {{"a": {{"uniform": [0, 1]}}}},
            "mixture": [{mixture}],
            "objects": [{{"name": "star", "model": "gaussian", "place": "star", "parameters":
                {{"x": 0, "y": 0, "flux": {{"uniform": [1, 2]}}, "fwhm": 2, "g1": 0, "g2": 0}}}}, {objects}],
            "noise": [{{"kind": "gaussian", "parameters": {{"sigma": 0.2}}, "place": "noise[0]"}}]}}"#
    );
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn offset(plan: &Plan, name: &str) -> usize {
    plan.columns().iter().find(|column| column.name == name).unwrap_or_else(|| panic!("no {name}")).offset
}

fn records(plan: &Plan, rows: usize) -> Vec<f64> {
    let mut records = vec![0.0; rows * plan.width()];
    batch::parameters(plan, &batch::range(0, rows).unwrap(), &mut records, 1).unwrap();
    records
}

fn column(plan: &Plan, records: &[f64], name: &str) -> Vec<f64> {
    let offset = offset(plan, name);
    records.chunks(plan.width()).map(|record| record[offset]).collect()
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| value.to_bits()).collect()
}

fn faults(spec: &Spec) -> Vec<String> {
    match Plan::new(spec) {
        Err(Error::Recipe(faults)) => faults.iter().map(|f| format!("{}: {}", f.place, f.message)).collect(),
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("a bad recipe was taken"),
    }
}

#[test]
fn branches_are_drawn_as_often_as_their_weights_say() {
    const ROWS: usize = 40_000;
    // Of weights 1 + a, 1 and 0.5 with a uniform in [0, 1], E[1 / (2.5 + a)] = ln(3.5 / 2.5).
    #[allow(clippy::disallowed_methods)]
    let mean = (3.5f64 / 2.5).ln();
    let shares = [1.0 - 1.5 * mean, mean, 0.5 * mean];
    let constant = spec(&[("a", "2"), ("b", "1"), ("c", "0"), ("d", "0.5")]);
    let varying = spec(&[("a", r#""= 1 + a""#), ("b", "1"), ("c", "0.5")]);
    for (spec, shares) in [(constant, vec![2.0 / 3.5, 1.0 / 3.5, 0.0, 0.5 / 3.5]), (varying, shares.to_vec())]
    {
        let plan = Plan::new(&spec).unwrap();
        let drawn = column(&plan, &records(&plan, ROWS), "class");
        let count = |class: usize| drawn.iter().filter(|x| **x == class as f64).count() as f64;
        let chi2: f64 = shares
            .iter()
            .enumerate()
            .filter(|(_, share)| **share > 0.0)
            .map(|(i, share)| {
                let expected = share * ROWS as f64;
                (count(i) - expected) * (count(i) - expected) / expected
            })
            .sum();
        assert!(shares.iter().enumerate().all(|(i, share)| *share > 0.0 || count(i) == 0.0));
        // Two degrees of freedom: 18.4 is exceeded once in 10,000.
        assert!(chi2 < 18.4, "{chi2}");
    }
}

#[test]
fn a_sample_has_the_objects_of_its_branch_and_no_others() {
    let plan = Plan::new(&spec(&[("a", "1"), ("b", "1"), ("a", "1")])).unwrap();
    let records = records(&plan, 300);
    let get = |name: &str| column(&plan, &records, name);
    let (class, branch) = (get("class"), get("mixture"));
    for i in 0..3 {
        let here: Vec<_> = branch.iter().map(|b| *b == i as f64).collect();
        for name in ["x", "width", "height", "noise.gaussian.sigma"] {
            let absent: Vec<_> = get(&format!("box{i}.{name}")).iter().map(|v| v.is_nan()).collect();
            assert!(here.iter().zip(&absent).all(|(here, absent)| here != absent), "{name} of {i}");
        }
        assert!(here.iter().filter(|here| **here).count() > 50);
    }
    assert!(class.iter().zip(&branch).all(|(class, branch)| *class == f64::from(*branch == 1.0)));
    assert!(get("star.flux").iter().all(|flux| flux.is_finite()));
}

#[test]
fn other_branches_and_weights_move_no_other_value() {
    let plain = Plan::new(&spec(&[("a", "1"), ("b", "1")])).unwrap();
    let other = Plan::new(&spec(&[("a", "3"), ("b", "= a"), ("c", "1")].map(quoted))).unwrap();
    let (before, after) = (records(&plain, 2_000), records(&other, 2_000));
    for name in ["star.flux", "a"] {
        assert!(bits(&column(&plain, &before, name)) == bits(&column(&other, &after, name)), "{name}");
    }
    for name in ["box0.x", "box0.width", "box1.x", "box1.width"] {
        let (one, two) = (column(&plain, &before, name), column(&other, &after, name));
        let both: Vec<_> = one.iter().zip(&two).filter(|(a, b)| !a.is_nan() && !b.is_nan()).collect();
        assert!(both.len() > 100 && both.iter().all(|(a, b)| a == b), "{name}");
    }
}

/// An expression as JSON, a number as it is.
fn quoted<'a>((class, weight): (&'a str, &'a str)) -> (&'a str, &'a str) {
    (class, if weight == "= a" { r#""= a""# } else { weight })
}

#[test]
fn instruction_sets_runs_and_single_rows_do_not_matter() {
    let spec = spec(&[("a", "1"), ("b", r#"{"uniform": [0, "= a + 1"]}"#), ("a", "1")]);
    let made = |isa: Isa, threads: usize, each: usize| {
        let plan = Plan::on(isa, &spec).unwrap();
        let (mut values, mut pixels) = (vec![], vec![]);
        let rows: Vec<u64> = (0..120).collect();
        for rows in rows.chunks(each) {
            let mut records = vec![0.0; rows.len() * plan.width()];
            let mut image = vec![0.0; rows.len() * plan.pixels()];
            let out = Images { image: &mut image, noiseless: None, variance: None, psf: None };
            let mut measured = vec![0.0; rows.len() * plan.measures().len()];
            let drawn = Values { records: &mut records, measured: &mut measured };
            batch::generate(&plan, rows, drawn, out, threads).unwrap();
            values.extend(bits(&records));
            pixels.extend(image.iter().map(|pixel| pixel.to_bits()));
        }
        (values, pixels)
    };
    let whole = made(Isa::BASELINE, 1, 120);
    for isa in Isa::available() {
        assert!(
            made(isa, 2, 120) == whole && made(isa, 1, 1) == whole && made(isa, 3, 7) == whole,
            "{}",
            isa.name()
        );
    }
}

#[test]
fn a_given_class_stands_and_what_it_has_is_drawn() {
    let plan = Plan::new(&spec(&[("a", "1"), ("b", "1"), ("a", "3"), ("c", "0")])).unwrap();
    let number = |name: &str| plan.columns().iter().position(|column| column.name == name).unwrap();
    let rows = batch::range(0, 4_000).unwrap();
    let drawn = records(&plan, 4_000);
    let given = |class: f64| {
        let mut records = vec![0.0; 4_000 * plan.width()];
        records.chunks_mut(plan.width()).for_each(|record| record[offset(&plan, "class")] = class);
        batch::parameters_given(&plan, &rows, &[number("class")], &mut records, 2).map(|()| records)
    };
    for class in 0..3 {
        let records = given(f64::from(class)).unwrap();
        assert!(column(&plan, &records, "class").iter().all(|c| *c == f64::from(class)));
        for (one, two) in records.chunks(plan.width()).zip(drawn.chunks(plan.width())) {
            if two[offset(&plan, "class")] == f64::from(class) {
                assert_eq!(bits(one), bits(two));
            }
        }
        let mut completed = records.clone();
        plan.complete(&mut completed, &[number("class")]).unwrap();
        assert_eq!(bits(&completed), bits(&records));
    }
    // Of the branches that share a class, each comes as its weight says: 1 to 3, by 5 standard deviations of 28.
    let first = column(&plan, &given(0.0).unwrap(), "mixture").iter().filter(|b| **b == 0.0).count();
    assert!((860..1140).contains(&first), "{first}");
    let message = given(3.0).unwrap_err().to_string();
    assert_eq!(
        message,
        "no branch of the mixture has class 3; branches are numbered from 0 to 3, classes to 2"
    );
    assert!(given(0.5).is_err() && given(-1.0).is_err() && given(f64::NAN).is_err());
}

#[test]
fn what_a_caller_gives_for_another_branch_is_left_out() {
    let plan = Plan::new(&spec(&[("a", "1"), ("b", "1")])).unwrap();
    let mut records = records(&plan, 50);
    let (class, x) = (offset(&plan, "class"), offset(&plan, "box1.x"));
    records.chunks_mut(plan.width()).for_each(|record| record[x] = 2.5);
    let number = plan.columns().iter().position(|column| column.name == "box1.x").unwrap();
    plan.complete(&mut records, &[number]).unwrap();
    assert!(records.chunks(plan.width()).all(|r| if r[class] == 1.0 { r[x] == 2.5 } else { r[x].is_nan() }));
    records[class] = 7.0;
    assert!(plan.complete(&mut records, &[]).unwrap_err().to_string().contains("has class 7"));
}

#[test]
fn a_branch_has_its_own_numbers_of_objects_which_see_each_other() {
    let mixture = r#"{"class": "a", "place": "mixture[0]"}, {"class": "b", "place": "mixture[1]"}"#;
    let count = r#"{"choice": ["= 1 + (box0.width - box0.width)", 3], "max": 4}"#;
    let later =
        object(0, count, 4, r#""= box0.height + star.flux""#).replace("box0\", \"model", "last\", \"model");
    let objects = format!("{}, {}, {}", object(0, "1", 1, "3"), later, object(1, "0", 1, "3"));
    let plan = Plan::new(&parse(mixture, &objects)).unwrap();
    let records = records(&plan, 200);
    for record in records.chunks(plan.width()) {
        let at = |name: &str| record[offset(&plan, name)];
        let heights = &record[offset(&plan, "last.height")..][..4];
        let there = heights.iter().filter(|height| !height.is_nan()).count();
        assert_eq!(there as f64, at("last.repeat"));
        assert!(heights[..there].iter().all(|height| *height == 3.0 + at("star.flux")));
        assert_eq!(there > 0, at("class") == 0.0);
        assert!(at("box1.x").is_nan() && at("box1.repeat") == 0.0);
    }
}

#[test]
fn a_branch_that_is_not_drawn_costs_and_refuses_nothing() {
    let mixture =
        r#"{"class": "a", "weight": 0, "place": "mixture[0]"}, {"class": "b", "place": "mixture[1]"}"#;
    let objects = |weight: &str| {
        let never = object(0, r#"{"choice": ["= 9 * star.flux"], "max": 4}"#, 4, r#""= -star.flux""#);
        parse(&mixture.replace("\"weight\": 0", weight), &format!("{never}, {}", object(1, "1", 1, "3")))
    };
    let plan = Plan::new(&objects("\"weight\": 0")).unwrap();
    assert_eq!(records(&plan, 100).len(), 100 * plan.width());
    let plan = Plan::new(&objects("\"weight\": 1")).unwrap();
    let mut out = vec![0.0; 100 * plan.width()];
    assert!(batch::parameters(&plan, &batch::range(0, 100).unwrap(), &mut out, 1).is_err());
}

#[test]
fn nothing_outside_sees_into_a_branch() {
    let outside = "belongs to a branch of mixture, so that not every sample has it";
    let across = "belongs to another branch of mixture";
    let mut bad = spec(&[("a", "1"), ("b", "1")]);
    bad.lets.insert("a".into(), lightmill::spec::Value::Expression("= box0.width".into()));
    bad.mixture[0].weight = lightmill::spec::Value::Expression("= box1.width".into());
    bad.objects[2]
        .parameters
        .insert("height".into(), lightmill::spec::Value::Expression("= box0.width".into()));
    let faults = faults(&bad);
    for (place, said) in [("let.a", outside), ("mixture[0].weight", outside), ("box1.height", across)] {
        assert!(
            faults.iter().any(|f| f.starts_with(&format!("{place}: ")) && f.contains(said)),
            "{place}: {faults:?}"
        );
    }
    assert_eq!(faults.len(), 3, "{faults:?}");
}

#[test]
fn weights_and_branches_that_cannot_be_are_told() {
    let said = |branches: &[(&str, &str)]| faults(&spec(branches)).join("\n");
    assert_eq!(
        said(&[("a", "-1"), ("b", "1")]),
        "mixture[0].weight: -1 is not allowed; weight must be at least 0"
    );
    assert!(said(&[("a", "0"), ("b", "0")]).starts_with("mixture: choice: the weights sum to 0"));
    assert!(
        said(&[("a", r#"{"uniform": [0, 1], "per": "object"}"#)])
            .contains("per: object is for values inside")
    );
    let mut bad = spec(&[("a", "1")]);
    bad.objects[1].branch = Some(1);
    assert_eq!(faults(&bad), ["box0: the branch of mixture that it names is not there"]);
    bad = spec(&[("a", "1")]);
    bad.lets.insert("mixture".into(), lightmill::spec::Value::Constant(1.0));
    assert!(faults(&bad)[0].contains("mixture has a meaning of its own"));
}

#[test]
fn weights_that_sum_to_nothing_in_a_row_are_an_error_of_that_row() {
    let plan = Plan::new(&spec(&[("a", r#"{"choice": [0, 1], "weights": [1, 20]}"#), ("b", "0")])).unwrap();
    let mut out = vec![0.0; 300 * plan.width()];
    let error =
        batch::parameters(&plan, &batch::range(0, 300).unwrap(), &mut out, 1).unwrap_err().to_string();
    assert!(
        error.starts_with("mixture: choice: the weights sum to 0") && error.contains("(in row "),
        "{error}"
    );
}
