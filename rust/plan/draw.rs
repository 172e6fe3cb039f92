//! Drawing a record: every quantity of a row, from its slot's stream.

use super::{Entry, Plan};
use crate::error::Error;
use crate::isa::Isa;
use crate::random::{Counter, Cut, Prior, Slot};

/// One thing drawn: a slot, its distribution and where its values go.
pub(super) struct Quantity {
    pub(super) slot: Slot,
    pub(super) prior: Prior,
    pub(super) cut: Cut,
    pub(super) offset: usize,
}

/// Quantities that are possible together, or are drawn anew together.
pub(super) struct Group {
    pub(super) quantities: Vec<Quantity>,
    pub(super) conversion: Option<Conversion>,
    /// The canonical columns, one or two.
    pub(super) gives: Vec<usize>,
    pub(super) valid: fn(&[f64; 2]) -> bool,
    pub(super) allowed: &'static str,
}

/// How the canonical values follow from others of the same object.
pub(super) struct Conversion {
    pub(super) needs: Vec<usize>,
    pub(super) convert: fn(&[f64]) -> [f64; 2],
}

impl Quantity {
    fn draw(&self, scene: u64, instance: u16, attempt: u16) -> Result<(f64, u16), Error> {
        match self.prior.single() {
            Some(value) => Ok((value, attempt)),
            None => self.prior.draw_within(&self.slot, Counter { scene, instance, attempt }, &self.cut),
        }
    }
}

impl Group {
    /// A quantity that is possible whenever its range allows it.
    pub(super) fn alone(quantity: Quantity) -> Group {
        Group {
            gives: vec![quantity.offset],
            quantities: vec![quantity],
            conversion: None,
            valid: |_| true,
            allowed: "",
        }
    }

    /// Draws until the canonical values are possible together.
    fn draw(&self, scene: u64, instance: u16, record: &mut [f64]) -> Result<(), Error> {
        let mut next = [0u16; 4];
        loop {
            for (quantity, attempt) in self.quantities.iter().zip(&mut next) {
                let (value, used) = quantity.draw(scene, instance, *attempt)?;
                record[quantity.offset + instance as usize] = value;
                *attempt = used.saturating_add(1);
            }
            if self.convert(instance as usize, record) {
                return Ok(());
            }
            if next.contains(&u16::MAX) {
                return Err(self.rejected());
            }
        }
    }

    fn rejected(&self) -> Error {
        let names: Vec<_> = self.quantities.iter().map(|quantity| quantity.slot.path.as_str()).collect();
        Error::Rejected(format!(
            "{}: 65,535 attempts gave no possible pair; allowed is {}",
            names.join(", "),
            self.allowed
        ))
    }

    /// Sets the canonical values; says whether they are possible.
    pub(super) fn convert(&self, instance: usize, record: &mut [f64]) -> bool {
        if let Some(conversion) = &self.conversion {
            let mut needs = [0.0; 4];
            for (need, offset) in needs.iter_mut().zip(&conversion.needs) {
                *need = record[offset + instance];
            }
            let values = (conversion.convert)(&needs[..conversion.needs.len()]);
            for (offset, value) in self.gives.iter().zip(values) {
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
    /// Whether it is one object, always there.
    fn is_single(&self) -> bool {
        self.slots == 1 && self.repeat.is_none()
    }

    /// Marks all its objects as absent.
    fn clear(&self, record: &mut [f64]) {
        let columns = self.groups.iter().flat_map(|group| &group.quantities).map(|quantity| quantity.offset);
        for offset in columns.chain(self.groups.iter().flat_map(|group| group.gives.iter().copied())) {
            record[offset..offset + self.slots].fill(f64::NAN);
        }
    }

    fn draw(&self, scene: u64, record: &mut [f64]) -> Result<(), Error> {
        self.clear(record);
        let count = match &self.repeat {
            None => self.slots,
            Some(repeat) => {
                let (count, _) = repeat.draw(scene, 0, 0)?;
                record[repeat.offset] = count;
                count as usize
            }
        };
        for instance in 0..count {
            for group in &self.groups {
                group.draw(scene, instance as u16, record)?;
            }
        }
        Ok(())
    }
}

impl Plan {
    /// Draws the records of rows, `width` values each.
    ///
    /// # Errors
    /// A quantity that was rejected too often.
    pub fn draw(&self, rows: &[u64], records: &mut [f64]) -> Result<(), Error> {
        let consecutive = rows.windows(2).all(|pair| pair[0].checked_add(1) == Some(pair[1]));
        match rows.first() {
            Some(&first) if consecutive && self.realisations == 1 => self.draw_run(first, records),
            _ => self.draw_each(rows, records),
        }
    }

    /// Consecutive scenes, a column at a time: some three times as fast as a row at a time.
    fn draw_run(&self, first: u64, records: &mut [f64]) -> Result<(), Error> {
        let columns = Columns { isa: self.isa, first, width: self.width };
        for quantity in &self.quantities {
            columns.draw(quantity, records)?;
        }
        for entry in self.entries.iter().filter(|entry| entry.is_single()) {
            entry.groups.iter().try_for_each(|group| columns.draw_group(group, records))?;
        }
        for (i, record) in records.chunks_exact_mut(self.width.max(1)).enumerate() {
            self.deal(first + i as u64, record);
            let several = self.entries.iter().filter(|entry| !entry.is_single());
            several.into_iter().try_for_each(|entry| entry.draw(first + i as u64, record))?;
        }
        Ok(())
    }

    /// Any rows; those of one scene share its values.
    fn draw_each(&self, rows: &[u64], records: &mut [f64]) -> Result<(), Error> {
        let mut before: Option<u64> = None;
        for (i, &k) in rows.iter().enumerate() {
            let scene = self.row(k).scene;
            let (done, rest) = records.split_at_mut(i * self.width);
            let record = &mut rest[..self.width];
            if before == Some(scene) {
                record.copy_from_slice(&done[done.len() - self.width..]);
            } else {
                self.draw_one(scene, record)?;
            }
            before = Some(scene);
        }
        Ok(())
    }

    fn draw_one(&self, scene: u64, record: &mut [f64]) -> Result<(), Error> {
        for quantity in &self.quantities {
            record[quantity.offset] = quantity.draw(scene, 0, 0)?.0;
        }
        self.deal(scene, record);
        self.entries.iter().try_for_each(|entry| entry.draw(scene, record))
    }

    fn deal(&self, scene: u64, record: &mut [f64]) {
        if let Some((offset, splits)) = &self.splits {
            record[*offset] = splits.of(scene) as f64;
        }
    }
}

/// The records of consecutive scenes.
struct Columns {
    isa: Isa,
    first: u64,
    width: usize,
}

impl Columns {
    fn draw(&self, quantity: &Quantity, records: &mut [f64]) -> Result<(), Error> {
        let place = (self.width, quantity.offset);
        match quantity.prior.single() {
            Some(value) => {
                records.chunks_exact_mut(self.width).for_each(|record| record[quantity.offset] = value);
                Ok(())
            }
            None => {
                let first = Counter { scene: self.first, ..Counter::default() };
                quantity.prior.draw_column(self.isa, &quantity.slot, first, &quantity.cut, records, place)?;
                Ok(())
            }
        }
    }

    fn draw_group(&self, group: &Group, records: &mut [f64]) -> Result<(), Error> {
        group.quantities.iter().try_for_each(|quantity| self.draw(quantity, records))?;
        for (i, record) in records.chunks_exact_mut(self.width).enumerate() {
            if !group.convert(0, record) {
                group.draw(self.first + i as u64, 0, record)?;
            }
        }
        Ok(())
    }
}
