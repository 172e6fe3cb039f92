//! Values that stand in a table, and which of its rows a sample takes.
//!
//! The row is a column of the record like any other, `cat.row`, and what stands in the table is
//! read from that row: so all columns of one table belong together, and a row can be traced back.

use super::Entry;
use super::build::Builder;
use super::column::Owner;
use super::compile::Written;
use super::draw::{Group, Quantity};
use super::variable::{At, Draw, Input, Legal, Source, Variable};
use crate::error::Error;
use crate::param::Range;
use crate::random::{Cut, Prior};
use crate::registry;
use crate::spec::{self, Per, RowsOf, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Columns of numbers, all of one length.
#[derive(Clone, Debug)]
pub struct Table {
    columns: BTreeMap<String, Arc<[f64]>>,
}

/// Tables by their names in a recipe.
pub type Tables = BTreeMap<String, Arc<Table>>;

impl Table {
    /// A table of these columns.
    ///
    /// # Errors
    /// Columns of different lengths.
    pub fn new(columns: BTreeMap<String, Arc<[f64]>>) -> Result<Table, Error> {
        let rows = columns.values().next().map_or(0, |column| column.len());
        match columns.iter().find(|(_, column)| column.len() != rows) {
            None => Ok(Table { columns }),
            Some((name, column)) => {
                let message =
                    format!("column {name} has {} numbers; the first column has {rows}", column.len());
                Err(Error::Argument(message))
            }
        }
    }

    /// Its columns by name.
    pub fn columns(&self) -> &BTreeMap<String, Arc<[f64]>> {
        &self.columns
    }
}

/// A number of a table, in the row that another column of the record tells.
pub(super) struct Cell {
    values: Arc<[f64]>,
    times: f64,
    pub(super) row: Input,
    table: String,
    /// The name of the column that tells the row, as errors call it.
    row_name: String,
}

impl Cell {
    /// The number in the record's row; none where the table has no such row.
    #[inline]
    fn read(&self, at: At, record: &[f64]) -> Option<f64> {
        let row = self.row.read(record, at);
        let index = row as usize;
        let value = if index as f64 == row { self.values.get(index) } else { None };
        value.map(|value| value * self.times)
    }

    /// The number in the record's row.
    ///
    /// # Errors
    /// What is wrong with a row that the table does not have.
    pub(super) fn value(&self, at: At, record: &[f64]) -> Result<f64, String> {
        self.read(at, record).ok_or_else(|| {
            let row = self.row.read(record, at);
            format!("{} {row} is not allowed; {} has rows 0 to {}", self.row_name, self.table, self.last())
        })
    }

    pub(super) fn input(&self) -> (Input, &str) {
        (self.row, &self.row_name)
    }

    fn last(&self) -> usize {
        self.values.len().saturating_sub(1)
    }

    /// The first row with a value that is not legal.
    fn wrong_row(&self, legal: &Legal) -> Option<usize> {
        self.values.iter().position(|value| !legal.contains(value * self.times))
    }
}

/// The rows of a table one after the other, from the first again after the last.
pub(super) struct Count {
    rows: u64,
    /// How many a sample takes.
    stride: u64,
}

impl Count {
    pub(super) fn value(&self, at: At) -> f64 {
        ((at.scene as u128 * self.stride as u128 + at.instance as u128) % self.rows as u128) as f64
    }
}

/// The samples that there are, where a table is read in order.
pub(super) struct Limit {
    pub(super) samples: u64,
    table: String,
    rows: u64,
    stride: u64,
}

impl Limit {
    pub(super) fn check(&self, samples: &[u64]) -> Result<(), Error> {
        let Some(beyond) = samples.iter().find(|k| **k >= self.samples) else { return Ok(()) };
        let each = if self.stride == 1 { "one".into() } else { self.stride.to_string() };
        Err(Error::Argument(format!(
            "sample {beyond} has no row in the table {}: it has {} rows, and with `rows: in_order` each scene takes {each}; \
             samples 0 to {} are there, or write `rows: cycle` or `rows: random`",
            self.table,
            self.rows,
            self.samples.saturating_sub(1)
        )))
    }
}

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
        let found = self.data.get(table).and_then(|data| data.columns.get(column)).cloned();
        let Some(values) = found.filter(|values| !values.is_empty()) else {
            self.fault(&written.place, format!("there are no numbers called {}", said.column));
            return None;
        };
        let per = self.taken(written, said, table)?;
        let owner = written.scope.own.filter(|_| per == Per::Object);
        let row = self.row(table, owner, values.len() as u64)?;
        let cell =
            Cell { values, times: said.times, row, table: table.into(), row_name: format!("{table}.row") };
        if let Some(row) = cell.wrong_row(&written.legal) {
            let value = cell.values[row] * cell.times;
            self.fault(&written.place, format!("row {row} of {} is {value}; {}", said.column, written.legal));
            return None;
        }
        Some((Source::Cell(cell), per))
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
        let quantity = Some(Quantity { variable, offset: input.offset, repeated: owner });
        self.rows.push(RowOf { table: table.into(), owner, stride, input, quantity });
        self.limit(table, how, rows, stride);
        Some(input)
    }

    fn row_column(&mut self, table: &str, owner: Option<usize>) -> Option<Input> {
        let Some(index) = owner else {
            return Some(Input { offset: self.layout.row(table), stride: 0 });
        };
        let object = &self.spec.objects[index];
        let model = registry::OBJECTS.iter().find(|model| model.name == object.model)?;
        let owner = Owner { index, name: &object.name, model, slots: object.slots.max(1), single: false };
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
            own.into_iter().for_each(|entry| entry.columns.push(row.input.offset));
        }
        self.rows.iter_mut().filter_map(|row| row.quantity.take()).collect()
    }
}

impl Variable {
    fn cell(&self) -> Option<&Cell> {
        match &self.source {
            Source::Cell(cell) => Some(cell),
            _ => None,
        }
    }
}

/// The cells of some variables, where all are cells of one row.
fn of_one_row<'a>(variables: impl Iterator<Item = &'a Variable>) -> Option<Vec<&'a Cell>> {
    let cells: Vec<&Cell> = variables.map(Variable::cell).collect::<Option<_>>()?;
    let first = cells.first()?.row;
    cells.iter().all(|cell| cell.row == first).then_some(cells)
}

impl Draw {
    /// What is wrong with the first row of which this makes no distribution, where all its
    /// numbers that vary stand in one row.
    pub(super) fn wrong_row(&self, record: &[f64]) -> Option<String> {
        let cells = of_one_row(self.nested())?;
        let (cell, mut record) = (cells[0], record.to_vec());
        (0..cell.values.len()).find_map(|row| {
            record[cell.row.offset] = row as f64;
            let message = self.prior(At::default(), &record).ok()?.err()?;
            Some(format!("row {row} of {}: {message}", cell.table))
        })
    }
}

impl Group {
    /// What is wrong with the first row whose values are not possible together, where all that
    /// vary stand in one row; `record` has the others.
    pub(super) fn wrong_row(&self, quantities: &[Quantity], record: &[f64]) -> Option<String> {
        let members: Vec<_> = self.quantities.iter().map(|q| &quantities[*q]).collect();
        let varying = members.iter().filter(|member| member.variable.constant().is_none());
        let cells = of_one_row(varying.clone().map(|member| &member.variable))?;
        let (cell, mut record) = (cells[0], record.to_vec());
        let needs = self.conversion.as_ref().map_or(&self.gives, |conversion| &conversion.needs);
        let given = |need: &usize| members.iter().any(|member| member.offset == *need);
        if !needs.iter().all(|need| given(need) || !record[*need].is_nan()) {
            return None;
        }
        (0..cell.values.len()).find_map(|row| {
            record[cell.row.offset] = row as f64;
            for (member, cell) in varying.clone().zip(&cells) {
                record[member.offset] = cell.read(At::default(), &record)?;
            }
            let possible = self.convert(0, &mut record);
            let message = || self.not_possible(quantities, At::default(), &record);
            (!possible).then(|| format!("row {row} of {}: {}", cell.table, message()))
        })
    }
}
