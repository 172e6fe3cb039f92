//! Drawing a record: every value of a row, in the order in which they follow from one another.

use super::variable::{At, Source, Variable};
use super::{Entry, Plan};
use crate::error::Error;
use crate::isa::Isa;
use crate::param::Way;
use crate::random::split::Dealt;
use crate::spec::Per;

/// The most values that one conversion takes.
const MOST_NEEDS: usize = 16;

/// A value of a record, and where it goes.
pub(super) struct Quantity {
    pub(super) variable: Variable,
    /// Its column; that of object i of a repeated entry is i further.
    pub(super) offset: usize,
    /// The entry, among those of which not every sample has exactly one, whose objects each have one.
    pub(super) repeated: Option<usize>,
    /// How often it can change.
    pub(super) finest: Per,
}

/// What a recipe says in one of several ways.
pub(super) struct Group {
    /// `galaxy's shape`, as errors call it.
    pub(super) name: String,
    pub(super) place: String,
    pub(super) repeated: Option<usize>,
    /// What is written, each after those it depends on.
    pub(super) quantities: Vec<usize>,
    /// Whether they are drawn anew together until the canonical values are possible.
    pub(super) joint: bool,
    pub(super) conversion: Option<Conversion>,
    /// The canonical columns, one or two.
    pub(super) gives: Vec<usize>,
    pub(super) valid: fn(&[f64; 2]) -> bool,
    pub(super) allowed: &'static str,
}

/// How the canonical values follow from others of the same object.
pub(super) struct Conversion {
    pub(super) needs: Vec<usize>,
    /// What it needs after those, the same for all.
    pub(super) constant: Option<f64>,
    pub(super) convert: fn(&[f64]) -> [f64; 2],
}

impl Conversion {
    pub(super) fn of(way: &Way, needs: Vec<usize>, constant: Option<f64>) -> Conversion {
        Conversion { needs, constant, convert: way.convert }
    }

    /// Whether it takes the values of the column that begins there.
    pub(super) fn needs(&self, offset: usize) -> bool {
        self.needs.contains(&offset)
    }

    /// How many numbers it takes.
    pub(super) fn count(&self) -> usize {
        self.needs.len() + usize::from(self.constant.is_some())
    }

    /// What it takes.
    pub(super) fn inputs(&self, instance: usize, record: &[f64]) -> [f64; MOST_NEEDS] {
        let mut needs = [0.0; MOST_NEEDS];
        let values = self.needs.iter().map(|offset| record[offset + instance]).chain(self.constant);
        needs.iter_mut().zip(values).for_each(|(need, value)| *need = value);
        needs
    }

    fn values(&self, instance: usize, record: &[f64]) -> [f64; 2] {
        (self.convert)(&self.inputs(instance, record)[..self.count()])
    }
}

/// One thing to do for a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A quantity.
    Draw(usize),
    /// The canonical value of a group.
    Convert(usize),
    /// The quantities and canonical values of a group that must be possible together.
    Joint(usize),
}

impl Quantity {
    pub(super) fn draw(&self, at: At, record: &mut [f64]) -> Result<(), Error> {
        record[self.offset + at.instance as usize] = self.variable.value(at, 0, record)?.0;
        Ok(())
    }
}

impl Group {
    /// Whether nothing is written: it follows from canonical values.
    pub(super) fn follows(&self) -> bool {
        self.quantities.is_empty()
    }

    /// Draws until the canonical values are possible. What changes less often than the rest
    /// stays: it belongs to other objects or samples too.
    pub(super) fn draw(&self, quantities: &[Quantity], at: At, record: &mut [f64]) -> Result<(), Error> {
        let members = || self.quantities.iter().map(|q| &quantities[*q]);
        let finest: Option<Per> =
            members().filter(|member| member.variable.is_drawn()).map(|member| member.variable.per).max();
        let mut next = [0u16; 4];
        loop {
            for (member, attempt) in members().zip(&mut next) {
                let from = if Some(member.variable.per) == finest { *attempt } else { 0 };
                let (value, used) = member.variable.value(at, from, record)?;
                record[member.offset + at.instance as usize] = value;
                *attempt = used.saturating_add(1);
            }
            if self.convert(at.instance as usize, record) {
                return Ok(());
            }
            if finest.is_none() {
                return Err(self.impossible(quantities, at, record));
            }
            if next.contains(&u16::MAX) {
                return Err(self.rejected(quantities));
            }
        }
    }

    /// Sets the canonical values, or says which written ones have none.
    pub(super) fn follow(&self, quantities: &[Quantity], at: At, record: &mut [f64]) -> Result<(), Error> {
        let possible = self.convert(at.instance as usize, record);
        if possible { Ok(()) } else { Err(self.impossible(quantities, at, record)) }
    }

    fn impossible(&self, quantities: &[Quantity], at: At, record: &[f64]) -> Error {
        let message = self.not_possible(quantities, at, record);
        Error::Value { place: self.place.clone(), message, row: at.scene }
    }

    /// The values of a record, and what is allowed.
    pub(super) fn not_possible(&self, quantities: &[Quantity], at: At, record: &[f64]) -> String {
        let members = self.quantities.iter().map(|q| &quantities[*q]);
        let said = members.map(|member| {
            format!("{} {}", member.variable.legal.name, record[member.offset + at.instance as usize])
        });
        format!("{} is not allowed; {}", said.collect::<Vec<_>>().join(", "), self.allowed)
    }

    fn rejected(&self, quantities: &[Quantity]) -> Error {
        let names: Vec<_> =
            self.quantities.iter().map(|q| quantities[*q].variable.slot.path.as_str()).collect();
        Error::Rejected(format!(
            "{}: 65,535 attempts gave no possible pair; allowed is {}",
            names.join(", "),
            self.allowed
        ))
    }

    /// Sets the canonical values; says whether they are possible.
    pub(super) fn convert(&self, instance: usize, record: &mut [f64]) -> bool {
        if let Some(conversion) = &self.conversion {
            for (offset, value) in self.gives.iter().zip(conversion.values(instance, record)) {
                record[offset + instance] = value;
            }
        }
        self.possible(instance, record)
    }

    pub(super) fn possible(&self, instance: usize, record: &[f64]) -> bool {
        let mut values = [0.0; 2];
        for (value, offset) in values.iter_mut().zip(&self.gives) {
            *value = record[offset + instance];
        }
        (self.valid)(&values)
    }
}

impl Entry {
    /// The objects of a record; those beyond their number are absent.
    pub(super) fn draw(&self, plan: &Plan, at: At, record: &mut [f64]) -> Result<(), Error> {
        self.clear(record);
        if !self.is_in(plan, record) {
            return Ok(());
        }
        if let Some(q) = self.counted {
            plan.quantities[q].draw(at, record)?;
        }
        let count = self.repeat.map_or(self.slots, |offset| record[offset] as usize);
        for instance in 0..count {
            let at = At { instance: instance as u16, ..at };
            self.steps.iter().try_for_each(|step| plan.step(*step, at, record))?;
        }
        Ok(())
    }
}

impl Plan {
    /// Draws the records of rows, `width` values each, until the drawn values are ones that `keep`
    /// keeps.
    ///
    /// # Errors
    /// A value or a scene that was rejected too often, or a value that is not legal in a row; rows
    /// that a table which is read in order does not have.
    pub fn draw(&self, rows: &[u64], records: &mut [f64]) -> Result<(), Error> {
        self.limit.iter().try_for_each(|limit| limit.check(rows))?;
        let consecutive = rows.windows(2).all(|pair| pair[0].checked_add(1) == Some(pair[1]));
        let drawn = match rows.first() {
            Some(&first) if consecutive && self.realisations == 1 => self.draw_run(first, records),
            _ => self.draw_each(rows, records),
        };
        drawn.map_err(|error| error.in_rows(self.realisations))
    }

    /// Consecutive scenes, a column at a time: some three times as fast as a row at a time.
    fn draw_run(&self, first: u64, records: &mut [f64]) -> Result<(), Error> {
        let columns = Columns { plan: self, isa: self.isa, first };
        self.steps.iter().try_for_each(|step| columns.step(*step, records))?;
        let mut dealt = None;
        for (i, record) in records.chunks_exact_mut(self.width.max(1)).enumerate() {
            let at = At { scene: first + i as u64, ..At::default() };
            self.deal(at.scene, record, &mut dealt);
            self.draw_repeated(at, record)?;
            self.keep_drawn(at.scene, record)?;
        }
        Ok(())
    }

    /// Any rows; those of one scene share its values.
    fn draw_each(&self, rows: &[u64], records: &mut [f64]) -> Result<(), Error> {
        let (mut before, mut dealt): (Option<u64>, _) = (None, None);
        for (i, &k) in rows.iter().enumerate() {
            let scene = self.row(k).scene;
            let (done, rest) = records.split_at_mut(i * self.width);
            let record = &mut rest[..self.width];
            if before == Some(scene) {
                record.copy_from_slice(&done[done.len() - self.width..]);
            } else {
                self.deal(scene, record, &mut dealt);
                self.draw_one(scene, 0, record)?;
                self.keep_drawn(scene, record)?;
            }
            before = Some(scene);
        }
        Ok(())
    }

    /// One round of a scene; its split is the same in all.
    pub(super) fn draw_one(&self, scene: u64, round: u16, record: &mut [f64]) -> Result<(), Error> {
        let at = At { scene, instance: 0, round };
        self.steps.iter().try_for_each(|step| self.step(*step, at, record))?;
        self.draw_repeated(at, record)
    }

    fn draw_repeated(&self, at: At, record: &mut [f64]) -> Result<(), Error> {
        self.tell_class(record);
        self.open_flux(record);
        let repeated = self.entries.iter().filter(|entry| !entry.is_single());
        repeated.into_iter().try_for_each(|entry| entry.draw(self, at, record))
    }

    fn step(&self, step: Step, at: At, record: &mut [f64]) -> Result<(), Error> {
        match step {
            Step::Draw(q) => self.quantities[q].draw(at, record),
            Step::Convert(g) => self.groups[g].follow(&self.quantities, at, record),
            Step::Joint(g) => self.groups[g].draw(&self.quantities, at, record),
        }
    }

    /// Sets the split, from the block of scenes that was dealt last where that has it: to deal one takes 10 us.
    fn deal(&self, scene: u64, record: &mut [f64], dealt: &mut Option<Dealt>) {
        if let Some((offset, splits)) = &self.splits {
            record[*offset] = splits.of_cached(scene, dealt) as f64;
        }
    }
}

/// The records of consecutive scenes.
struct Columns<'a> {
    plan: &'a Plan,
    isa: Isa,
    first: u64,
}

impl Columns<'_> {
    fn step(&self, step: Step, records: &mut [f64]) -> Result<(), Error> {
        let Plan { quantities, groups, .. } = self.plan;
        match step {
            Step::Draw(q) => self.draw(&quantities[q], records),
            Step::Convert(g) => self.each(records, |at, record| groups[g].follow(quantities, at, record)),
            Step::Joint(g) => {
                groups[g].quantities.iter().try_for_each(|q| self.draw(&quantities[*q], records))?;
                self.each(records, |at, record| {
                    if groups[g].convert(0, record) { Ok(()) } else { groups[g].draw(quantities, at, record) }
                })
            }
        }
    }

    fn each(
        &self,
        records: &mut [f64],
        mut work: impl FnMut(At, &mut [f64]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let records = records.chunks_exact_mut(self.plan.width).enumerate();
        records
            .into_iter()
            .try_for_each(|(i, record)| work(At { scene: self.first + i as u64, ..At::default() }, record))
    }

    fn draw(&self, quantity: &Quantity, records: &mut [f64]) -> Result<(), Error> {
        let (variable, place) = (&quantity.variable, (self.plan.width, quantity.offset));
        match &variable.source {
            Source::Prior(prior, cut) => match prior.single() {
                Some(value) => self.each(records, |_, record| {
                    record[quantity.offset] = value;
                    Ok(())
                }),
                None => {
                    let first = variable.counter(At { scene: self.first, ..At::default() }, 0);
                    prior.draw_column(self.isa, &variable.slot, first, cut, records, place)?;
                    Ok(())
                }
            },
            Source::Formula(formula) => {
                let inputs: Vec<usize> = formula.inputs.iter().map(|input| input.offset).collect();
                formula.expression.column(self.isa, &inputs, records, place);
                self.each(records, |at, record| {
                    variable.checked(record[quantity.offset], at, record)?;
                    Ok(())
                })
            }
            Source::Draw(_) | Source::Place(_) | Source::Cell(_) | Source::Count(_) => {
                self.each(records, |at, record| quantity.draw(at, record))
            }
        }
    }
}
