//! The tables of an image's objects.

use super::light::Spread;
use super::table::Table;
use crate::isa::Isa;

/// As many are kept: few images have more objects whose spreads are the same in the next one.
const SLOTS: usize = 4;

/// Tables that are kept from object to object and from image to image: of a spread that all images have, one is made
/// once.
pub(super) struct Tables {
    slots: Vec<(Option<Spread>, Table)>,
    now: usize,
    next: usize,
}

impl Tables {
    pub(super) fn new() -> Tables {
        Tables { slots: vec![(None, Table::new())], now: 0, next: 0 }
    }

    /// Begins an image.
    pub(super) fn begin(&mut self) {
        self.next = 0;
    }

    /// The last one that was set.
    pub(super) fn table(&self) -> &Table {
        &self.slots[self.now].1
    }

    /// To a spread's transform, for q up to this; the same whatever was there before.
    pub(super) fn set(&mut self, isa: Isa, spread: Spread, q: f64) {
        if let Some(known) = self.slots.iter().position(|(held, _)| *held == Some(spread)) {
            self.now = known;
            if self.slots[known].1.end_at(q) {
                return;
            }
        } else {
            self.now = self.next % SLOTS;
            self.next += 1;
            if self.now == self.slots.len() {
                self.slots.push((None, Table::new()));
            }
        }
        let (held, table) = &mut self.slots[self.now];
        spread.tabulate(isa, table, q);
        *held = Some(spread);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(tables: &mut Tables, spread: Spread, q: f64) -> Vec<[u32; 2]> {
        tables.set(Isa::best(), spread, q);
        let table = tables.table();
        table.entries[..=table.top].iter().map(|pair| pair.map(f32::to_bits)).collect()
    }

    #[test]
    fn a_table_is_the_same_whatever_was_there_before() {
        let mut tables = Tables::new();
        let spreads = [Spread::Sersic(1.0), Spread::Sersic(0.3), Spread::Moffat(1.5), Spread::Point];
        for q in [20.0, 3.0, 3.01, 70.0, 19.0, 20.0, 1e-3, 70.0, 1e9, 5.0] {
            tables.begin();
            for spread in spreads.into_iter().chain((0..5).map(|i| Spread::Sersic(q + f64::from(i)))) {
                let spread = if let Spread::Sersic(n) = spread { Spread::Sersic(n.min(6.0)) } else { spread };
                let mut alone = Tables::new();
                assert!(set(&mut tables, spread, q) == set(&mut alone, spread, q), "{spread:?} {q}");
                let beyond = |tables: &Tables| [0.1, 1.0, 3.0].map(|q| tables.table().most_from(q).to_bits());
                assert_eq!(beyond(&tables), beyond(&alone), "{spread:?} {q}");
            }
        }
    }
}
