//! Which row of a table a sample takes: a column of the record, made where the table is first read.

use super::Entry;
use super::build::Builder;
use super::column::Owner;
use super::compile::Written;
use super::draw::Quantity;
use super::table::{Cell, Count, Limit};
use super::variable::{Input, Legal, Source, Variable};
use crate::param::Range;
use crate::random::{Cut, Prior};
use crate::spec::{self, Per, RowsOf, Value};

/// A column that tells which row of a table a sample, or each of an entry's objects, takes.
pub(super) struct RowOf {
    table: String,
    owner: Option<usize>,
    stride: u64,
    input: Input,
    quantity: Option<Quantity>,
}

/// Whether there are several of an object, or there may be.
fn is_repeated(object: &spec::Object) -> bool {
    object.slots != 1 || object.repeat != Value::Constant(1.0)
}

impl<'a> Builder<'a> {
    /// What a column of a table is read by.
    pub(super) fn cell(&mut self, written: &Written<'a>, said: &spec::Column) -> Option<(Source, Per)> {
        let (table, column) = said.column.split_once('.').unwrap_or((&said.column, ""));
        let found = self.data.get(table).and_then(|data| data.columns().get(column)).cloned();
        let is_told = self.spec.tables.contains_key(table);
        let Some(values) = found.filter(|values| is_told && !values.is_empty()) else {
            self.fault(&written.place, format!("there are no numbers called {}", said.column));
            return None;
        };
        let per = self.taken(written, said, table)?;
        let owner = written.scope.own.filter(|_| per == Per::Object);
        let row = self.row(table, owner, values.len() as u64)?;
        match Cell::new(&said.column, values, said.times, row, &written.legal) {
            Ok(cell) => Some((Source::Cell(cell), per)),
            Err(message) => {
                self.fault(&written.place, message);
                None
            }
        }
    }

    /// Whose row is taken: the sample's, or that of each of an entry's objects.
    fn taken(&mut self, written: &Written, said: &spec::Column, table: &str) -> Option<Per> {
        let per = said.per.unwrap_or(written.per);
        let repeated = written.scope.own.is_some_and(|own| is_repeated(&self.spec.objects[own]));
        let message = match per {
            Per::Dataset => {
                format!("{table} gives each sample a row of its own; this is drawn once a data set")
            }
            _ if per > written.finest => {
                "per: object is for values inside an object; give sample".to_string()
            }
            Per::Object if repeated => return Some(Per::Object),
            _ => return Some(Per::Sample),
        };
        self.fault(&written.place, message);
        None
    }

    /// The column with the row that a sample, or each object of an entry, takes.
    fn row(&mut self, table: &str, owner: Option<usize>, rows: u64) -> Option<Input> {
        if let Some(known) = self.rows.iter().find(|row| row.table == table && row.owner == owner) {
            return Some(known.input);
        }
        let how = *self.spec.tables.get(table)?;
        let stride = self.stride(table, owner, how, rows)?;
        let prefix = owner.map_or(String::new(), |own| format!("{}.", self.spec.objects[own].name));
        let (path, place) = (format!("{prefix}{table}.row"), format!("tables.{table}"));
        if self.layout.named(&path).is_some() {
            self.fault(&place, format!("a column is called {path} already; give the table another name"));
            return None;
        }
        let input = self.row_column(table, owner)?;
        let slot = self.slot(&place, path.clone());
        let source = match how {
            RowsOf::Random => {
                let last = rows.saturating_sub(1) as f64;
                Source::Prior(Prior::integers(0.0, last).ok()?, Cut::range(Range::ANY))
            }
            RowsOf::InOrder | RowsOf::Cycle => Source::Count(Count { rows, stride }),
        };
        let per = if owner.is_some() { Per::Object } else { Per::Sample };
        let variable = Variable { slot, place, legal: Legal::any(&path), per, source };
        let quantity = Some(Quantity { variable, offset: input.offset, repeated: owner, finest: per });
        self.rows.push(RowOf { table: table.into(), owner, stride, input, quantity });
        self.limit(table, how, rows, stride);
        Some(input)
    }

    fn row_column(&mut self, table: &str, owner: Option<usize>) -> Option<Input> {
        let Some(index) = owner else {
            return Some(Input { offset: self.layout.row(table), stride: 0 });
        };
        let object = &self.spec.objects[index];
        let model = self.model(index, object)?;
        let owner = Owner {
            index,
            name: &object.name,
            model,
            slots: object.slots.max(1),
            single: false,
            once: false,
        };
        Some(Input { offset: self.layout.entry_row(&owner, table), stride: 1 })
    }

    /// How many rows a sample takes of a table that is read in order.
    fn stride(&mut self, table: &str, owner: Option<usize>, how: RowsOf, rows: u64) -> Option<u64> {
        let Some(object) = owner.map(|own| &self.spec.objects[own]).filter(|_| how != RowsOf::Random) else {
            return Some(1);
        };
        let (stride, place) = (object.slots.max(1) as u64, format!("{}.repeat", object.place));
        let others = self.rows.iter().find(|row| row.table == table && row.stride != stride);
        let message = if !matches!(object.repeat, Value::Constant(_)) {
            format!(
                "each object takes a row of {table}, and a repeat that varies would leave rows out; \
                 write `rows: random` in the table, or repeat a fixed number of times"
            )
        } else if stride > rows {
            format!("each sample takes {stride} rows of {table}, which has {rows}")
        } else if let Some(other) = others {
            format!(
                "each sample takes {stride} rows of {table} here and {} elsewhere; \
                 write the file as two tables, or `rows: random`",
                other.stride
            )
        } else {
            return Some(stride);
        };
        self.fault(&place, message);
        None
    }

    fn limit(&mut self, table: &str, how: RowsOf, rows: u64, stride: u64) {
        let samples = (rows / stride).saturating_mul(self.spec.realisations);
        let shortest = self.limit.as_ref().is_none_or(|limit| samples < limit.samples);
        if how == RowsOf::InOrder && shortest {
            self.limit = Some(Limit { samples, table: table.into(), rows, stride });
        }
    }

    /// The rows that are read, each a value of the record.
    pub(super) fn row_quantities(&mut self, entries: &mut [Entry]) -> Vec<Quantity> {
        for row in &self.rows {
            let own = entries.iter_mut().find(|entry| Some(entry.index) == row.owner);
            own.into_iter().for_each(|entry| entry.rows.push(row.input.offset));
        }
        self.rows.iter_mut().filter_map(|row| row.quantity.take()).collect()
    }
}
