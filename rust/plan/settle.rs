//! Before any row: how often each value changes, and all that is the same for all rows.

use super::build::Builder;
use super::compile::fixed;
use super::draw::{Group, Quantity, Step};
use super::variable::{Argument, At, Source, Variable};
use crate::error::Error;
use crate::random::{Cut, Prior};
use crate::spec::Per;

/// What is known of a record before any row is drawn.
struct Known {
    /// The values that are the same for all rows.
    record: Vec<f64>,
    /// How often each column changes; none where a fault leaves it open.
    per: Vec<Option<Per>>,
}

impl Known {
    fn new(width: usize) -> Known {
        Known { record: vec![f64::NAN; width], per: vec![None; width] }
    }

    fn set_per(&mut self, quantity: &Quantity) {
        self.per[quantity.offset] = Some(quantity.variable.per.min(quantity.finest));
    }

    /// Whether a value, or one that it depends on, is at fault.
    fn is_open(&self, quantity: &Quantity) -> bool {
        quantity.variable.inputs().iter().any(|(input, _)| self.per[input.offset].is_none())
    }
}

fn often(per: Per) -> &'static str {
    match per {
        Per::Dataset => "a data set",
        Per::Sample => "a sample",
        Per::Object => "an object",
    }
}

impl Builder<'_> {
    /// Settles the values in the order of the steps, each fault noted.
    pub(super) fn settle(&mut self, steps: &[Step], quantities: &mut [Quantity]) {
        let groups = std::mem::take(&mut self.groups);
        let mut known = Known::new(self.layout.width);
        for step in steps {
            match *step {
                Step::Draw(q) => self.settle_value(&mut quantities[q], &mut known),
                Step::Convert(g) => self.settle_derived(&groups[g], quantities, &mut known),
                Step::Joint(g) => self.settle_group(&groups[g], quantities, &mut known),
            }
        }
        self.groups = groups;
    }

    fn settle_value(&mut self, quantity: &mut Quantity, known: &mut Known) {
        if known.is_open(quantity) {
            return;
        }
        match quantity.variable.find_per(known).and_then(|()| quantity.variable.fold(&known.record)) {
            Ok(()) => {
                known.set_per(quantity);
                known.record[quantity.offset] = quantity.variable.constant().unwrap_or(f64::NAN);
            }
            Err((place, message)) => self.fault(&place, message),
        }
    }

    /// What follows from values that are the same for all rows must be possible.
    fn settle_derived(&mut self, group: &Group, quantities: &[Quantity], known: &mut Known) {
        group.settle(known);
        if group.gives.iter().all(|offset| known.per[*offset] == Some(Per::Dataset))
            && let Err(error) = group.follow(quantities, At::default(), &mut known.record)
        {
            let (place, message) = parts(error, &group.place);
            self.fault(&place, message);
        }
        self.check_rows(group, quantities, known);
    }

    /// What stands in one row of a table must be possible together.
    fn check_rows(&mut self, group: &Group, quantities: &[Quantity], known: &Known) {
        if let Some(message) = group.wrong_row(quantities, &known.record) {
            self.fault(&group.place, message);
        }
    }

    /// A group that is the same for all rows is drawn until it is possible, as in any row.
    fn settle_group(&mut self, group: &Group, quantities: &mut [Quantity], known: &mut Known) {
        for q in &group.quantities {
            let quantity = &mut quantities[*q];
            if !known.is_open(quantity) && quantity.variable.find_per(known).is_ok() {
                known.set_per(quantity);
            }
        }
        let written = group.quantities.iter().map(|q| &quantities[*q].offset);
        let needs = group.conversion.as_ref().map_or(&group.gives, |conversion| &conversion.needs);
        if written.chain(needs).all(|offset| known.per[*offset] == Some(Per::Dataset)) {
            if let Err(error) = group.draw(quantities, At::default(), &mut known.record) {
                let (place, message) = parts(error, &group.place);
                group.quantities.iter().for_each(|q| known.per[quantities[*q].offset] = None);
                return self.fault(&place, message);
            }
            for q in &group.quantities {
                quantities[*q].variable.fix(known.record[quantities[*q].offset]);
            }
        }
        group.quantities.iter().for_each(|q| self.settle_value(&mut quantities[*q], known));
        self.check_rows(group, quantities, known);
        group.settle(known);
    }
}

impl Group {
    /// What follows from values that are the same for all.
    fn settle(&self, known: &mut Known) {
        let Some(conversion) = &self.conversion else { return };
        let per: Option<Vec<Per>> = conversion.needs.iter().map(|need| known.per[*need]).collect();
        let finest = per.map(|per| per.into_iter().max().unwrap_or(Per::Dataset));
        self.gives.iter().for_each(|offset| known.per[*offset] = finest);
        if finest == Some(Per::Dataset) {
            self.convert(0, &mut known.record);
        }
    }
}

type Fault = (String, String);

fn parts(error: Error, place: &str) -> Fault {
    match error {
        Error::Value { place, message, .. } => (place, message),
        other => (place.to_string(), other.to_string()),
    }
}

impl Variable {
    /// How often an expression changes; a draw must not change more often than it is drawn.
    fn find_per(&mut self, known: &Known) -> Result<(), Fault> {
        match &mut self.source {
            Source::Formula(formula) => {
                let per = formula.inputs.iter().filter_map(|input| known.per[input.offset]);
                self.per = per.max().unwrap_or(Per::Dataset);
            }
            source => {
                for argument in source.arguments_mut() {
                    let Argument::Variable(nested) = argument else { continue };
                    nested.find_per(known)?;
                    if nested.per > self.per {
                        let (own, other) = (often(self.per), often(nested.per));
                        let message =
                            format!("this changes once {other}, but {} is drawn once {own}", self.slot.path);
                        return Err((nested.place.clone(), message));
                    }
                }
            }
        }
        Ok(())
    }

    fn fix(&mut self, value: f64) {
        if let Ok(prior) = Prior::constant(value) {
            self.source = Source::Prior(prior, Cut::range(self.legal.range));
        }
    }

    /// Works out what is the same for all rows.
    fn fold(&mut self, record: &[f64]) -> Result<(), Fault> {
        for argument in self.source.arguments_mut() {
            if let Argument::Variable(nested) = argument {
                nested.fold(record)?;
                if let Some(value) = nested.constant() {
                    *argument = Argument::Number(value);
                }
            }
        }
        let at_fault = |message| (self.place.clone(), message);
        match &self.source {
            Source::Draw(draw) if self.source.nested().next().is_none() => {
                let (prior, cut) = fixed(draw, &self.legal).map_err(at_fault)?;
                self.source = Source::Prior(prior, cut);
            }
            Source::Place(place) => place.check().map_err(at_fault)?,
            source => source.wrong_row(&self.legal, record).map(at_fault).map_or(Ok(()), Err)?,
        }
        if self.per == Per::Dataset && self.constant().is_none() {
            let value = self.value(At::default(), 0, record).map_err(|error| parts(error, &self.place))?;
            self.fix(value.0);
        }
        Ok(())
    }
}
