//! From a written value to a variable.

use super::build::Builder;
use super::scope::{Names, Scope};
use super::variable::{Argument, At, Draw, Form, Formula, Input, Legal, Source, Variable};
use crate::expression::Expression;
use crate::random::{Counter, Cut, Key, Prior};
use crate::spec::{Distribution, Per, Value};

/// Fewer accepted draws than this share are an error.
const LEAST_ACCEPTANCE: f64 = 0.01;
/// Draws that tell the acceptance; its standard error at the limit is 0.0016.
const TRIALS: u64 = 4096;
/// Faults after which unknown names are compared with no others; of thousands with thousands
/// that takes seconds.
const HINTS: usize = 60;
/// As many values as may stand one within the other.
const DEEPEST: usize = 16;

/// A value as it is written, and all that tells what it means.
#[derive(Clone)]
pub(super) struct Written<'a> {
    pub(super) path: String,
    pub(super) place: String,
    pub(super) value: &'a Value,
    pub(super) legal: Legal,
    pub(super) scope: Scope,
    /// How often it is drawn where it does not say.
    pub(super) per: Per,
    /// The finest that it can say.
    pub(super) finest: Per,
    /// Within how many others it stands.
    pub(super) depth: usize,
}

impl<'a> Builder<'a> {
    /// The variable; faults are noted.
    pub(super) fn variable(&mut self, written: &Written<'a>) -> Option<Variable> {
        if written.depth > DEEPEST {
            self.fault(
                &written.place,
                format!("values can stand {DEEPEST} deep one within the other; use let"),
            );
            return None;
        }
        let (source, per) = match written.value {
            Value::Constant(constant) => (self.constant(written, *constant)?, Per::Dataset),
            Value::Expression(text) => (self.formula(written, text)?, written.finest),
            Value::Drawn(distribution) => self.draw(written, distribution)?,
            Value::Column(column) => self.cell(written, column)?,
        };
        let slot = self.slot(&written.place, written.path.clone());
        Some(Variable { slot, place: written.place.clone(), legal: written.legal.clone(), per, source })
    }

    fn constant(&mut self, written: &Written, constant: f64) -> Option<Source> {
        let legal = &written.legal;
        let message = if !legal.range.contains(constant) {
            format!("{constant} is not allowed; {} must be {}", legal.name, legal.range)
        } else if !legal.contains(constant) {
            not_whole(legal)
        } else {
            match Prior::constant(constant) {
                Ok(prior) => return Some(Source::Prior(prior, Cut::range(legal.range))),
                Err(message) => message,
            }
        };
        self.fault(&written.place, message);
        None
    }

    fn formula(&mut self, written: &Written, text: &str) -> Option<Source> {
        let expression = match Expression::parse(text) {
            Ok(expression) => expression,
            Err(problem) => {
                self.fault(&written.place, format!("{text:?}: {problem}"));
                return None;
            }
        };
        let room = HINTS.saturating_sub(self.fault_count());
        let names = |i| Names { spec: self.spec, layout: &self.layout, hints: i < room };
        let found = expression.names().iter().enumerate();
        let found =
            found.map(|(i, name)| (name.position, self.sighted(&names(i), &name.text, written.scope)));
        let (found, unknown): (Vec<_>, Vec<_>) = found.partition(|(_, input)| input.is_ok());
        for (position, message) in &unknown {
            let message = message.as_ref().err().map_or("", String::as_str);
            self.fault(&written.place, format!("{text:?}: character {position}: {message}"));
        }
        let inputs = found.into_iter().filter_map(|(_, input)| input.ok()).collect();
        unknown.is_empty().then_some(Source::Formula(Formula { expression, inputs }))
    }

    /// The column that a name means, if it is known before the image.
    fn sighted(&self, names: &Names, name: &str, scope: Scope) -> Result<Input, String> {
        let input = names.find(name, scope)?;
        if self.is_scaled(input.offset) {
            return Err(format!(
                "{name} is found from the image at the end, so that nothing can follow from it"
            ));
        }
        Ok(input)
    }

    fn draw(&mut self, written: &Written<'a>, d: &'a Distribution) -> Option<(Source, Per)> {
        let per = d.per.unwrap_or(written.per);
        if per > written.finest {
            self.fault(
                &written.place,
                "per: object is for values inside an object; give dataset or sample".into(),
            );
            return None;
        }
        if written.legal.whole && !is_whole(written.value) {
            self.fault(&written.place, not_whole(&written.legal));
            return None;
        }
        let written = Written { per, ..written.clone() };
        let form = self.form(&written, d)?;
        let min = self.end(&written, "min", &d.min)?;
        let max = self.end(&written, "max", &d.max)?;
        Some((Source::Draw(Box::new(Draw { form, min, max })), per))
    }

    fn form(&mut self, written: &Written<'a>, d: &'a Distribution) -> Option<Form> {
        type Pair = fn(f64, f64) -> Result<Prior, String>;
        let pairs: [(&str, &Option<[Value; 2]>, Pair); 5] = [
            ("uniform", &d.uniform, Prior::uniform),
            ("log_uniform", &d.log_uniform, Prior::log_uniform),
            ("normal", &d.normal, Prior::normal),
            ("log_normal", &d.log_normal, Prior::log_normal),
            ("integers", &d.integers, Prior::integers),
        ];
        let given = pairs.iter().filter(|(_, pair, _)| pair.is_some()).count();
        if given + usize::from(d.choice.is_some()) + usize::from(d.poisson.is_some()) != 1 {
            let names = pairs.map(|(name, ..)| name).join(", ");
            self.fault(&written.place, format!("give one of {names}, choice, poisson"));
            return None;
        }
        if let Some(mean) = &d.poisson {
            return Some(Form::One(Prior::poisson, self.argument(written, "poisson", None, mean)?));
        }
        if let Some(values) = &d.choice {
            let values = self.arguments(written, "choice", values)?;
            let weights = d.weights.as_ref().map(|weights| self.arguments(written, "weights", weights));
            return Some(Form::Choice(values, weights.map_or(Some(None), |weights| weights.map(Some))?));
        }
        let (name, pair, make) = pairs.into_iter().find(|(_, pair, _)| pair.is_some())?;
        let numbers: [Argument; 2] = self.arguments(written, name, pair.as_ref()?)?.try_into().ok()?;
        Some(Form::Two(make, numbers))
    }

    fn arguments(&mut self, written: &Written<'a>, key: &str, values: &'a [Value]) -> Option<Vec<Argument>> {
        let all: Vec<_> =
            values.iter().enumerate().map(|(i, value)| self.argument(written, key, Some(i), value)).collect();
        all.into_iter().collect()
    }

    /// One number of a distribution; it is drawn as often as the distribution.
    fn argument(
        &mut self,
        outer: &Written<'a>,
        key: &str,
        number: Option<usize>,
        value: &'a Value,
    ) -> Option<Argument> {
        if let Value::Constant(constant) = value {
            return Some(Argument::Number(*constant));
        }
        let (point, index) = number.map(|i| (format!(".{i}"), format!("[{i}]"))).unwrap_or_default();
        let written = Written {
            path: format!("{}.{key}{point}", outer.path),
            place: format!("{}.{key}{index}", outer.place),
            value,
            legal: Legal::any("it"),
            depth: outer.depth + 1,
            ..outer.clone()
        };
        Some(Argument::Variable(Box::new(self.variable(&written)?)))
    }

    fn end(&mut self, written: &Written<'a>, key: &str, end: &'a Option<Value>) -> Option<Option<Argument>> {
        match end {
            None => Some(None),
            Some(value) => self.argument(written, key, None, value).map(Some),
        }
    }
}

fn not_whole(legal: &Legal) -> String {
    format!("{} is a whole number; give one, or integers, choice or poisson", legal.name)
}

/// Whether it can only give whole numbers; an expression or a column is seen to later.
fn is_whole(value: &Value) -> bool {
    match value {
        Value::Constant(constant) => constant.trunc() == *constant,
        Value::Expression(_) | Value::Column(_) => true,
        Value::Drawn(d) => match &d.choice {
            Some(values) => values.iter().all(is_whole),
            None => d.integers.is_some() || d.poisson.is_some(),
        },
    }
}

/// The distribution whose numbers are all there, and its cut.
pub(super) fn fixed(draw: &Draw, legal: &Legal) -> Result<(Prior, Cut), String> {
    if let Form::Choice(values, _) = &draw.form
        && legal.whole
        && values.iter().any(|value| matches!(value, Argument::Number(x) if x.trunc() != *x))
    {
        return Err(not_whole(legal));
    }
    let prior = draw.prior(At::default(), &[]).map_err(|error| error.to_string())??;
    let cut = draw.cut(legal.range, At::default(), &[]).map_err(|error| error.to_string())?;
    if !is_accepted(&prior, &cut) {
        return Err(format!("under 1 % of the draws are allowed; {} must be {cut}", legal.name));
    }
    Ok((prior, cut))
}

/// Whether a cut lets enough draws through, from trials where it cuts at all.
fn is_accepted(prior: &Prior, cut: &Cut) -> bool {
    let (low, high) = prior.bounds();
    if cut.contains(low) && cut.contains(high) {
        return true;
    }
    let key = Key::new(0, "lightmill", "acceptance");
    let draw = |scene| prior.draw(key, Counter { scene, ..Counter::default() });
    let enough = (TRIALS as f64 * LEAST_ACCEPTANCE) as usize + 1;
    (0..TRIALS).filter(|scene| cut.contains(draw(*scene))).take(enough).count() == enough
}
