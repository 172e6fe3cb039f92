//! The branches of a `mixture`: which one a sample has, and what follows for its objects.
//!
//! The branch is one draw, in the slot `mixture`; entries of a branch are drawn for the samples
//! that have it, and absent from all others.

use super::build::Builder;
use super::compile::Written;
use super::draw::Quantity;
use super::scope::Scope;
use super::variable::{Argument, At, Draw, Form, Legal, Source, Variable};
use super::{Entry, Plan};
use crate::error::Error;
use crate::param::{Kind, Param, Range, Unit};
use crate::random::prior::ATTEMPTS;
use crate::spec::{Branch, Per};
use std::collections::HashMap;

const CLASS: Param =
    Param::new("class", Unit::One, Range::NOT_NEGATIVE, "Number of the class.").kind(Kind::Integer);
const BRANCH: Param =
    Param::new("mixture", Unit::One, Range::NOT_NEGATIVE, "Number of the branch of the mixture.")
        .kind(Kind::Integer);
const WEIGHT: Param = Param::new(
    "weight",
    Unit::One,
    Range::NOT_NEGATIVE,
    "How often a branch is drawn, compared with others.",
);

/// The columns that tell a record's branch.
pub(super) struct Mixture {
    /// The branch's number; the column of the class where each branch has one of its own.
    branch: usize,
    class: usize,
    /// The class of each branch.
    classes: Vec<usize>,
    /// The value that draws it; none until all columns are there.
    quantity: usize,
}

/// The classes of the branches, numbered as they are first named.
fn classes(branches: &[Branch]) -> Vec<usize> {
    let mut numbers = HashMap::new();
    branches
        .iter()
        .map(|branch| {
            let next = numbers.len();
            *numbers.entry(branch.class.as_str()).or_insert(next)
        })
        .collect()
}

impl<'a> Builder<'a> {
    /// Lays out the columns of branch and class.
    pub(super) fn mixture(&mut self) -> Option<Mixture> {
        let spec = self.spec;
        for object in &spec.objects {
            if object.branch.is_some_and(|branch| branch >= spec.mixture.len()) {
                self.fault(&object.place, "the branch of mixture that it names is not there".into());
            }
        }
        if spec.mixture.is_empty() {
            return None;
        }
        let classes = classes(&spec.mixture);
        let class = self.layout.label(CLASS.name.into(), &CLASS);
        let is_own = classes.iter().enumerate().all(|(branch, class)| branch == *class);
        let branch = if is_own { class } else { self.layout.label(BRANCH.name.into(), &BRANCH) };
        Some(Mixture { branch, class, classes, quantity: 0 })
    }

    /// Adds the value that draws the branch.
    pub(super) fn branch(&mut self, mixture: Mixture, quantities: &mut Vec<Quantity>) -> Option<Mixture> {
        let values = (0..mixture.classes.len()).map(|branch| Argument::Number(branch as f64)).collect();
        let form = Form::Choice(values, Some(self.weights()?));
        let range = Range::closed(0.0, (mixture.classes.len() - 1) as f64);
        let variable = Variable {
            slot: self.slot(BRANCH.name, BRANCH.name.into()),
            place: BRANCH.name.into(),
            legal: Legal { range, ..Legal::of(&BRANCH) },
            per: Per::Sample,
            source: Source::Draw(Box::new(Draw { form, min: None, max: None })),
        };
        quantities.push(Quantity { variable, offset: mixture.branch, repeated: None, finest: Per::Sample });
        Some(Mixture { quantity: quantities.len() - 1, ..mixture })
    }

    /// The weights; their slots go by the class, so that branches can change places.
    fn weights(&mut self) -> Option<Vec<Argument>> {
        let mut seen = HashMap::new();
        let mut weights = vec![];
        for Branch { class, weight, place } in &self.spec.mixture {
            let number = seen.entry(class).and_modify(|n| *n += 1).or_insert(1);
            let suffix = if *number > 1 { format!(".{number}") } else { String::new() };
            weights.push(self.variable(&Written {
                path: format!("mixture.{class}{suffix}.weight"),
                place: format!("{place}.weight"),
                value: weight,
                legal: Legal::of(&WEIGHT),
                scope: Scope::default(),
                per: Per::Sample,
                finest: Per::Sample,
                depth: 1,
            }));
        }
        weights.into_iter().map(|weight| Some(Argument::Variable(Box::new(weight?)))).collect()
    }
}

impl Mixture {
    fn branch(&self, record: &[f64]) -> usize {
        record[self.branch] as usize
    }

    /// Whether a branch is the one that a record names, by those of its columns that count.
    fn fits(&self, branch: usize, record: &[f64], counts: impl Fn(usize) -> bool) -> bool {
        (!counts(self.branch) || record[self.branch] == branch as f64)
            && (!counts(self.class) || record[self.class] == self.classes[branch] as f64)
    }

    fn unknown(&self, record: &[f64], counts: impl Fn(usize) -> bool) -> Error {
        let all = [(CLASS.name, self.class), (BRANCH.name, self.branch)];
        let told = all.iter().take(if self.branch == self.class { 1 } else { 2 });
        let told: Vec<_> = told
            .filter(|(_, column)| counts(*column))
            .map(|(name, column)| format!("{name} {}", record[*column]))
            .collect();
        let last = self.classes.iter().max().unwrap_or(&0);
        Error::Argument(format!(
            "no branch of the mixture has {}; branches are numbered from 0 to {}, classes to {last}",
            told.join(" and "),
            self.classes.len() - 1
        ))
    }
}

impl Entry {
    /// Whether every record has exactly one.
    pub(super) fn is_single(&self) -> bool {
        self.repeat.is_none() && self.branch.is_none()
    }

    /// Whether a record can have any.
    pub(super) fn is_in(&self, plan: &Plan, record: &[f64]) -> bool {
        let mixture = plan.mixture.as_ref();
        self.branch.is_none_or(|own| mixture.is_some_and(|mixture| mixture.branch(record) == own))
    }

    /// Whether it is this value that says how many there are in the samples of its branch.
    pub(super) fn is_counted_by(&self, quantity: &Quantity) -> bool {
        self.branch.is_some() && self.repeat == Some(quantity.offset)
    }

    /// Leaves no object; of a branch, the number of objects is 0 then.
    pub(super) fn clear(&self, record: &mut [f64]) {
        record[self.columns.clone()].fill(f64::NAN);
        for row in &self.rows {
            record[*row..row + self.slots].fill(f64::NAN);
        }
        if let (Some(repeat), Some(_)) = (self.repeat, self.branch) {
            record[repeat] = 0.0;
        }
    }
}

impl Plan {
    /// Sets the class, which follows from the branch.
    pub(super) fn tell_class(&self, record: &mut [f64]) {
        if let Some(mixture) = &self.mixture {
            record[mixture.class] = mixture.classes[mixture.branch(record)] as f64;
        }
    }

    /// Whether branch and class of a caller's record are there, and go together.
    pub(super) fn check_branch(&self, record: &[f64]) -> Result<(), Error> {
        let Some(mixture) = &self.mixture else { return Ok(()) };
        let branch = mixture.branch(record);
        if branch < mixture.classes.len() && mixture.fits(branch, record, |_| true) {
            return Ok(());
        }
        Err(mixture.unknown(record, |_| true))
    }

    /// Draws the records of rows, `width` values each, as `draw` does. Where the class or the branch is
    /// among the columns numbered `given`, it stands as it is in the records; of several branches that share a
    /// class the one that is drawn anyway, or else the first that a further attempt draws.
    ///
    /// # Errors
    /// As `draw`, or a class or branch that there is not.
    pub(crate) fn draw_given(
        &self,
        rows: &[u64],
        given: &[usize],
        records: &mut [f64],
        draw: impl FnOnce(&mut [f64]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let given = self.offsets(given);
        let counts = |column: usize| given.contains(&column);
        let Some(mixture) = self.mixture.as_ref().filter(|m| counts(m.branch) || counts(m.class)) else {
            return draw(records);
        };
        let mut fitting = Vec::with_capacity(rows.len());
        for record in records.chunks_exact(self.width) {
            let branches = 0..mixture.classes.len();
            let found: Vec<_> = branches.filter(|branch| mixture.fits(*branch, record, counts)).collect();
            fitting.push(if found.is_empty() { Err(mixture.unknown(record, counts)) } else { Ok(found) }?);
        }
        draw(records)?;
        let records = records.chunks_exact_mut(self.width);
        for ((row, fitting), record) in rows.iter().zip(&fitting).zip(records) {
            let redrawn = self.redraw(self.row(*row).scene, fitting, record);
            redrawn.map_err(|error| error.in_rows(self.realisations))?;
        }
        Ok(())
    }

    /// Changes a record to one of these branches, unless it has one of them.
    fn redraw(&self, scene: u64, fitting: &[usize], record: &mut [f64]) -> Result<(), Error> {
        let Some(mixture) = self.mixture.as_ref().filter(|m| !fitting.contains(&m.branch(record))) else {
            return Ok(());
        };
        let variable = &self.quantities[mixture.quantity].variable;
        let at = At { scene, instance: 0, round: self.round(record) };
        let mut branch = fitting[0];
        for attempt in (1..ATTEMPTS).take_while(|_| fitting.len() > 1) {
            let drawn = variable.value(at, attempt, record)?.0 as usize;
            if fitting.contains(&drawn) {
                branch = drawn;
                break;
            }
        }
        record[mixture.branch] = branch as f64;
        self.tell_class(record);
        let entries = self.entries.iter().filter(|entry| entry.branch.is_some());
        entries.into_iter().try_for_each(|entry| entry.draw(self, at, record))
    }
}
