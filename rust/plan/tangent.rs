//! How a record follows from one of its values: what changes with it, and how fast.
//!
//! As when a caller gives that value ([`Plan::complete`]): expressions and conversions follow, and what is
//! drawn stays, also where the numbers of its distribution follow.

use super::draw::{Conversion, Group, Step};
use super::variable::{At, Source};
use super::{Entry, Plan};
use crate::fisher::{differences, scale_of};

impl Conversion {
    /// How fast the canonical values change, by five-point differences: conversions are functions of a few
    /// numbers in closed form, and the differences exact to some 1e-11.
    fn rates(&self, instance: usize, record: &[f64], rates: &[f64]) -> [f64; 2] {
        let mut sum = [0.0; 2];
        for (i, offset) in self.needs.iter().enumerate() {
            let rate = rates[offset + instance];
            if rate != 0.0 {
                let value = record[offset + instance];
                let moved = |value: f64| {
                    let mut needs = self.inputs(instance, record);
                    needs[i] = value;
                    (self.convert)(&needs[..self.count()])
                };
                let slopes = differences(moved, value, scale_of(value, 0.0));
                sum.iter_mut().zip(slopes).for_each(|(sum, slope)| *sum += slope * rate);
            }
        }
        sum
    }
}

impl Plan {
    /// The rates of all values of a record when that at `target` changes at a rate of 1.
    pub(crate) fn rates(&self, record: &[f64], target: usize, rates: &mut [f64]) {
        rates.fill(0.0);
        rates[target] = 1.0;
        if let Some(scaled) = self.scaled.as_ref().filter(|scaled| scaled.target == target) {
            rates[scaled.flux] = record[scaled.flux] / record[target];
        }
        self.steps.iter().for_each(|step| self.move_step(*step, 0, target, (record, rates)));
        for entry in self.entries.iter().filter(|entry| entry.is_in(self, record)) {
            for instance in entry.instances(record) {
                let steps = entry.steps.iter();
                steps.for_each(|step| self.move_step(*step, instance, target, (record, rates)));
            }
        }
    }

    fn move_step(&self, step: Step, instance: usize, target: usize, (record, rates): (&[f64], &mut [f64])) {
        let group = match step {
            Step::Draw(q) => return self.move_value(q, instance, target, (record, rates)),
            Step::Convert(g) | Step::Joint(g) => &self.groups[g],
        };
        for q in group.quantities.iter().filter(|_| group.joint) {
            self.move_value(*q, instance, target, (record, rates));
        }
        let is_label = || group.follows() && !self.is_read(&group.gives);
        let is_target = group.gives.iter().any(|offset| offset + instance == target);
        let conversion = group.conversion.as_ref().filter(|_| !is_target && !is_label());
        if let Some(conversion) = conversion {
            let slopes = conversion.rates(instance, record, rates);
            group.gives.iter().zip(slopes).for_each(|(offset, slope)| rates[offset + instance] = slope);
        }
    }

    fn move_value(&self, q: usize, instance: usize, target: usize, (record, rates): (&[f64], &mut [f64])) {
        let quantity = &self.quantities[q];
        let Source::Formula(formula) = &quantity.variable.source else { return };
        if quantity.offset + instance != target {
            let at = At { instance: instance as u16, ..At::default() };
            rates[quantity.offset + instance] = formula.expression.slope(|name| {
                let input = formula.inputs[name];
                (input.read(record, at), input.read(rates, at))
            });
        }
    }

    /// Whether an expression names one of these columns.
    fn is_read(&self, offsets: &[usize]) -> bool {
        self.quantities.iter().any(|quantity| match &quantity.variable.source {
            Source::Formula(formula) => formula.inputs.iter().any(|input| offsets.contains(&input.offset)),
            _ => false,
        })
    }

    /// Whether each column, where it begins, may change with the one at `target`.
    pub(super) fn reach(&self, target: usize) -> Vec<bool> {
        let mut reached = vec![false; self.width];
        reached[target] = true;
        if let Some(scaled) = self.scaled.as_ref().filter(|scaled| scaled.target == target) {
            reached[scaled.flux] = true;
        }
        let steps = self.steps.iter().chain(self.entries.iter().flat_map(|entry| &entry.steps));
        for step in steps {
            match *step {
                Step::Draw(q) => self.reach_value(q, &mut reached),
                Step::Convert(g) | Step::Joint(g) => {
                    let group = &self.groups[g];
                    let members = group.quantities.iter().filter(|_| group.joint);
                    members.for_each(|q| self.reach_value(*q, &mut reached));
                    group.reach(target, &mut reached);
                }
            }
        }
        reached
    }

    fn reach_value(&self, q: usize, reached: &mut [bool]) {
        let quantity = &self.quantities[q];
        if let Source::Formula(formula) = &quantity.variable.source
            && formula.inputs.iter().any(|input| reached[input.offset])
        {
            reached[quantity.offset] = true;
        }
    }
}

impl Group {
    fn reach(&self, target: usize, reached: &mut [bool]) {
        let Some(conversion) = &self.conversion else { return };
        if !self.gives.contains(&target) && conversion.needs.iter().any(|offset| reached[*offset]) {
            self.gives.iter().for_each(|offset| reached[*offset] = true);
        }
    }
}

impl Entry {
    /// Its objects that a record has.
    pub(crate) fn instances(&self, record: &[f64]) -> impl Iterator<Item = usize> {
        let first = &record[self.canonical..self.canonical + self.slots];
        first.iter().enumerate().filter(|(_, value)| !value.is_nan()).map(|(instance, _)| instance)
    }
}
