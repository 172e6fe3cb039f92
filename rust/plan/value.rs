//! From a written value to a distribution that cannot fail.

use crate::param::{Kind, Param};
use crate::random::{Counter, Cut, Key, Prior};
use crate::spec::{Distribution, Value};

/// Fewer accepted draws than this share are an error.
const LEAST_ACCEPTANCE: f64 = 0.01;
/// Draws that tell the acceptance; its standard error at the limit is 0.0016.
const TRIALS: u64 = 4096;

/// The distribution, and the cut that keeps its draws legal.
pub(super) fn prior(value: &Value, param: &Param) -> Result<(Prior, Cut), String> {
    if param.kind != Kind::Real && !is_whole(value) {
        return Err(format!("{} is a whole number; give one, or integers, choice or poisson", param.name));
    }
    match value {
        Value::Constant(constant) if param.range.contains(*constant) => {
            Ok((Prior::constant(*constant)?, Cut::range(param.range)))
        }
        Value::Constant(constant) => {
            Err(format!("{constant} is not allowed; {} must be {}", param.name, param.range))
        }
        Value::Drawn(distribution) => drawn(distribution, param),
    }
}

fn drawn(distribution: &Distribution, param: &Param) -> Result<(Prior, Cut), String> {
    let prior = form(distribution)?;
    let cut = Cut { range: param.range, min: distribution.min, max: distribution.max };
    if acceptance(&prior, &cut) < LEAST_ACCEPTANCE {
        return Err(format!("under 1 % of the draws are allowed; {} must be {cut}", param.name));
    }
    Ok((prior, cut))
}

fn form(d: &Distribution) -> Result<Prior, String> {
    let forms = [
        d.uniform.map(|[a, b]| Prior::uniform(a, b)),
        d.log_uniform.map(|[a, b]| Prior::log_uniform(a, b)),
        d.normal.map(|[mean, sd]| Prior::normal(mean, sd)),
        d.integers.map(|[a, b]| Prior::integers(a, b)),
        d.poisson.map(Prior::poisson),
        d.choice.as_ref().map(|values| Prior::choice(values, d.weights.as_deref())),
    ];
    let mut given = forms.into_iter().flatten();
    match (given.next(), given.next()) {
        (Some(prior), None) => prior,
        _ => Err("give one of uniform, log_uniform, normal, integers, choice, poisson".into()),
    }
}

/// The share of draws that a cut lets through, from trials where it cuts at all.
fn acceptance(prior: &Prior, cut: &Cut) -> f64 {
    let (low, high) = prior.bounds();
    if cut.contains(low) && cut.contains(high) {
        return 1.0;
    }
    let key = Key::new(0, "lightmill", "acceptance");
    let kept = (0..TRIALS)
        .filter(|scene| cut.contains(prior.draw(key, Counter { scene: *scene, ..Counter::default() })));
    kept.count() as f64 / TRIALS as f64
}

fn is_whole(value: &Value) -> bool {
    let whole = |x: &f64| x.trunc() == *x;
    match value {
        Value::Constant(constant) => whole(constant),
        Value::Drawn(d) => match &d.choice {
            Some(values) => values.iter().all(whole),
            None => d.integers.is_some() || d.poisson.is_some(),
        },
    }
}
