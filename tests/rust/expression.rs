//! Expressions: what they mean, and that no text can harm.
#![allow(clippy::disallowed_methods, clippy::unwrap_used)]

use lightmill::expression::Expression;
use lightmill::isa::Isa;
use proptest::prelude::*;

const NAMES: [&str; 3] = ["x", "disk.flux", "_g2"];

/// The value of a text at x = 2, disk.flux = 3, _g2 = -0.5.
fn value(text: &str) -> f64 {
    let expression = Expression::parse(text).unwrap_or_else(|problem| panic!("{text}: {problem}"));
    let at = |i: usize| {
        [2.0, 3.0, -0.5][NAMES.iter().position(|name| *name == expression.names()[i].text).unwrap()]
    };
    expression.evaluate(at)
}

fn problem(text: &str) -> String {
    Expression::parse(text).unwrap_err().to_string()
}

#[test]
fn operators_bind_as_in_python() {
    for (text, expected) in [
        ("= 1 + 2 * 3", 7.0),
        ("=1-2-3", -4.0),
        ("= 8 / 4 / 2", 1.0),
        ("= -2 ** 2", -4.0),
        ("= (-2) ** 2", 4.0),
        ("= 2 ** -1", 0.5),
        ("= 2 ** 3 ** 2", 512.0),
        ("= 2 ** -1 * 3", 1.5),
        ("= --x - +x", 0.0),
        ("= -x * -_g2", -1.0),
        ("  = 1e-3 * .5e+4 / 5.", 1.0),
    ] {
        assert_eq!(value(text), expected, "{text}");
    }
}

#[test]
fn functions_are_those_of_the_language() {
    let close = |text: &str, expected: f64| {
        assert!((value(text) - expected).abs() < 4e-15, "{text}: {}", value(text))
    };
    close("= sin(pi / 6)", 0.5);
    close("= cos(x)", 2.0_f64.cos());
    close("= exp(1)", std::f64::consts::E);
    close("= log(10)", std::f64::consts::LN_10);
    close("= sqrt(x) ** 2", 2.0);
    close("= x ** 0.5", std::f64::consts::SQRT_2);
    for (text, expected) in [
        ("= sind(90) + cosd(180)", 0.0),
        ("= log10(1000)", 3.0),
        ("= min(x, disk.flux, _g2, 7)", -0.5),
        ("= max(x, disk.flux)", 3.0),
        ("= clip(disk.flux, 0, x)", 2.0),
        ("= clip(_g2, 0, 1)", 0.0),
        ("= 3 ** x", 9.0),
        ("= (-3) ** 3 + (-3) ** disk.flux", -54.0),
        ("= (-1) ** 65 + (-1) ** 66 + 1 ** -1e300", 1.0),
        ("= min(x, 1 / 0)", 2.0),
    ] {
        assert_eq!(value(text), expected, "{text}");
    }
}

#[test]
fn what_is_no_number_is_one_nan() {
    for text in [
        "= log(-1)",
        "= sqrt(_g2)",
        "= 0 / 0",
        "= -(0 / 0)",
        "= (-2) ** 0.5",
        "= min(1, sqrt(-1))",
        "= sin(1e9)",
    ] {
        assert_eq!(value(text).to_bits(), f64::NAN.to_bits(), "{text}");
    }
}

#[test]
fn names_are_listed_once_with_their_places() {
    let expression = Expression::parse("= a.b + c * a.b ** min2").unwrap();
    let names: Vec<_> = expression.names().iter().map(|name| (name.text.as_str(), name.position)).collect();
    assert_eq!(names, [("a.b", 3), ("c", 9), ("min2", 20)]);
    assert_eq!(expression.text(), "= a.b + c * a.b ** min2");
}

#[test]
fn problems_say_where_and_what() {
    let long = format!("= {}", "1+".repeat(2100));
    let deep = format!("= {}1{}", "(".repeat(60), ")".repeat(60));
    for (text, expected) in [
        ("= 2 * ", "character 7: a number, a name or ( is expected, not the end"),
        ("=", "character 2: a number"),
        ("2 * 3", "character 1: an expression begins with ="),
        ("= 2 flux", "character 5: an operator is missing before flux"),
        ("= (1 + 2", "character 9: a bracket is closed by ), not the end"),
        ("= 1)", "character 4: no bracket is open"),
        ("= x ^ 2", "character 5: powers are written **"),
        ("= x < 2", "character 5: <: there are no comparisons"),
        ("= é + $", "character 7: '$' is not allowed"),
        ("= sqr(2)", "character 3: no function is called sqr; did you mean sqrt? there are min, max"),
        ("= sqrt + 1", "character 3: sqrt is a function; call it as sqrt(...)"),
        ("= sqrt(1, 2)", "character 3: sqrt takes 1 argument, not 2"),
        ("= sqrt()", "character 3: sqrt takes 1 argument, not 0"),
        ("= 1 + max(1)", "character 7: max takes at least 2 arguments, not 1"),
        ("= clip(1, 2)", "character 3: clip takes 3 arguments, not 2"),
        ("= max(1 2)", "character 9: the arguments of a function are parted by , and closed by ), not 2"),
        ("= 1e999", "character 3: 1e999 is too large a number"),
        ("= a..b", "character 4: '.' is not allowed"),
        (&long, "character 4096: the expression is too long"),
        (&deep, "character 51: too deeply nested"),
        (&format!("= {}1", "-".repeat(60)), "character 51: too deeply nested"),
        (&format!("= {}1", "2**".repeat(60)), "too deeply nested"),
        (&format!("= {}1{}", "clip(1,2,".repeat(40), ")".repeat(40)), "too deeply nested"),
    ] {
        assert!(problem(text).contains(expected), "{text}\n{}\n{expected}", problem(text));
    }
}

#[test]
fn long_chains_are_no_depth() {
    assert_eq!(value(&format!("= 1{}", " + 1".repeat(1000))), 1001.0);
    assert_eq!(value(&format!("= max(0{})", ", 7".repeat(1000))), 7.0);
}

/// A random expression, with its own way of evaluating it.
#[derive(Clone, Debug)]
enum Tree {
    Number(f64),
    Name(usize),
    Call(&'static str, Vec<Tree>),
    Infix(&'static str, Box<[Tree; 2]>),
    Power(Box<Tree>, i32),
    Negative(Box<Tree>),
}

/// The texts: `spare` leaves out the brackets that binding makes needless.
fn print(tree: &Tree, spare: bool) -> String {
    let inner = |tree: &Tree| match tree {
        Tree::Infix(..) | Tree::Negative(..) => format!("({})", print(tree, spare)),
        Tree::Power(..) if !spare => format!("({})", print(tree, spare)),
        _ => print(tree, spare),
    };
    let base = |tree: &Tree| match tree {
        Tree::Number(x) if *x >= 0.0 => print(tree, spare),
        Tree::Name(_) | Tree::Call(..) => print(tree, spare),
        _ => format!("({})", print(tree, spare)),
    };
    match tree {
        Tree::Number(x) => format!("{x:e}"),
        Tree::Name(i) => NAMES[*i].to_string(),
        Tree::Call(name, arguments) => {
            format!("{name}({})", arguments.iter().map(|a| print(a, spare)).collect::<Vec<_>>().join(", "))
        }
        Tree::Infix(sign, pair) => {
            let product = |tree: &Tree| matches!(tree, Tree::Infix("*" | "/", _) | Tree::Negative(_));
            let left = if spare && (product(&pair[0]) || *sign == "+" || *sign == "-") {
                print(&pair[0], spare)
            } else {
                inner(&pair[0])
            };
            let right = if spare && product(&pair[1]) && (*sign == "+" || *sign == "-") {
                print(&pair[1], spare)
            } else {
                inner(&pair[1])
            };
            format!("{left} {sign} {right}")
        }
        Tree::Power(tree, n) => format!("{} ** {n}", base(tree)),
        Tree::Negative(tree) => format!("-{}", inner(tree)),
    }
}

/// The value by the standard library, and how far from it rounding can lead.
fn reference(tree: &Tree, x: &[f64; 3]) -> (f64, f64) {
    let round = |value: f64, error: f64| (value, error + 8.0 * f64::EPSILON * value.abs());
    match tree {
        Tree::Number(number) => (*number, 0.0),
        Tree::Name(i) => (x[*i], 0.0),
        Tree::Negative(tree) => {
            let (a, e) = reference(tree, x);
            (-a, e)
        }
        Tree::Power(tree, n) => {
            let (a, e) = reference(tree, x);
            let grown = (a.abs() + e).powi(n.abs()) - a.abs().powi(n.abs());
            let value = a.powi(*n);
            let error = if *n < 0 { value.abs() * ((1.0 - e / a.abs()).powi(*n) - 1.0) } else { grown };
            round(
                value,
                if *n < 0 && e >= a.abs() {
                    f64::INFINITY
                } else {
                    error + 64.0 * f64::EPSILON * value.abs()
                },
            )
        }
        Tree::Infix(sign, pair) => {
            let ((a, e), (b, f)) = (reference(&pair[0], x), reference(&pair[1], x));
            match *sign {
                "+" => round(a + b, e + f),
                "-" => round(a - b, e + f),
                "*" => round(a * b, a.abs() * f + b.abs() * e + e * f),
                _ => round(
                    a / b,
                    if f >= b.abs() { f64::INFINITY } else { (e + (a / b).abs() * f) / (b.abs() - f) },
                ),
            }
        }
        Tree::Call(name, arguments) => {
            let values: Vec<_> = arguments.iter().map(|a| reference(a, x)).collect();
            let ((a, e), worst) = (values[0], values.iter().map(|v| v.1).fold(0.0, f64::max));
            let of = |f: fn(f64) -> f64| f(a);
            let far = matches!(*name, "sin" | "cos") && a.abs() > 1.6e6;
            if far || values.iter().any(|v| v.0.is_nan()) {
                return (f64::NAN, 0.0);
            }
            match *name {
                "min" => (values.iter().map(|v| v.0).fold(f64::INFINITY, f64::min), worst),
                "max" => (values.iter().map(|v| v.0).fold(f64::NEG_INFINITY, f64::max), worst),
                "clip" => (a.max(values[1].0).min(values[2].0), worst),
                "sqrt" => round(of(f64::sqrt), if e >= a { f64::INFINITY } else { e / (a - e).sqrt() }),
                "exp" => round(of(f64::exp), of(f64::exp) * e.exp_m1()),
                "log" => (
                    of(f64::ln),
                    if e >= a { f64::INFINITY } else { e / (a - e) + 1e-15 * (1.0 + of(f64::ln).abs()) },
                ),
                "log10" => (
                    of(f64::log10),
                    if e >= a { f64::INFINITY } else { e / (a - e) + 1e-15 * (1.0 + of(f64::log10).abs()) },
                ),
                "sin" => (of(f64::sin), e + 1e-15),
                "cos" => (of(f64::cos), e + 1e-15),
                "sind" => (a.to_radians().sin(), e + 1e-15 * (1.0 + a.abs())),
                _ => (a.to_radians().cos(), e + 1e-15 * (1.0 + a.abs())),
            }
        }
    }
}

fn tree() -> impl Strategy<Value = Tree> {
    let leaf = prop_oneof![(-100.0..100.0).prop_map(Tree::Number), (0usize..3).prop_map(Tree::Name)];
    leaf.prop_recursive(5, 40, 3, |inner| {
        let pair = (inner.clone(), inner.clone()).prop_map(|(a, b)| Box::new([a, b]));
        let several = prop::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            3 => (prop::sample::select(vec!["+", "-", "*", "/"]), pair).prop_map(|(sign, pair)| Tree::Infix(sign, pair)),
            1 => (inner.clone(), -4i32..7).prop_map(|(tree, n)| Tree::Power(Box::new(tree), n)),
            1 => inner.clone().prop_map(|tree| Tree::Negative(Box::new(tree))),
            2 => (prop::sample::select(vec!["sqrt", "exp", "log", "log10", "sin", "cos", "sind", "cosd"]), inner.clone())
                .prop_map(|(name, tree)| Tree::Call(name, vec![tree])),
            1 => (prop::sample::select(vec!["min", "max"]), several).prop_map(|(name, trees)| Tree::Call(name, trees)),
            1 => (inner.clone(), inner.clone(), inner)
                .prop_map(|(a, b, c)| Tree::Call("clip", vec![a, b, c])),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn values_are_those_of_the_standard_library(tree in tree(), x in prop::array::uniform3(-10.0..10.0)) {
        let (expected, error) = reference(&tree, &x);
        let places: Vec<String> = vec![format!("= {}", print(&tree, false)), format!("={}", print(&tree, true))];
        for text in places {
            let expression = Expression::parse(&text).unwrap();
            let index = |i: usize| NAMES.iter().position(|name| *name == expression.names()[i].text).unwrap();
            let value = expression.evaluate(|i| x[index(i)]);
            if expected.abs() < 1e300 && error < 1e-3 * (1.0 + expected.abs()) {
                prop_assert!((value - expected).abs() <= error, "{text}: {value}, not {expected} within {error}");
            }
        }
    }

    #[test]
    fn many_rows_are_each_row(tree in tree(), rows in 1usize..40, seed in 0.0..1.0) {
        let expression = Expression::parse(&format!("= {}", print(&tree, true))).unwrap();
        let places: Vec<usize> = expression.names().iter().map(|name| 1 + NAMES.iter().position(|n| *n == name.text).unwrap()).collect();
        let mut records: Vec<f64> = (0..rows * 5).map(|i| (i as f64 + seed) * 0.7 - 20.0).collect();
        let alone: Vec<u64> = records.chunks(5).map(|r| expression.evaluate(|i| r[places[i]]).to_bits()).collect();
        for isa in Isa::available() {
            expression.column(isa, &places, &mut records, (5, 4));
            prop_assert_eq!(&records.chunks(5).map(|r| r[4].to_bits()).collect::<Vec<_>>(), &alone, "{}", isa.name());
        }
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in any::<String>(), bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        let _ = Expression::parse(&text);
        let _ = Expression::parse(&format!("={}", String::from_utf8_lossy(&bytes)));
    }

    #[test]
    fn no_heap_of_tokens_makes_it_panic(
        tokens in prop::collection::vec(prop::sample::select(vec!["(", ")", "-", "+", "*", "**", "/", ",", "1", "2e3", "x", "a.b", "min(", "clip(", "sin(", "pi", " "]), 0..200)
    ) {
        if let Ok(expression) = Expression::parse(&format!("={}", tokens.concat())) {
            expression.evaluate(|_| 1.0);
        }
    }
}
