//! Values that stand in a table, and which of its rows a sample takes.
//!
//! The row is a column of the record like any other, `cat.row`, and what stands in the table is
//! read from that row: so all columns of one table belong together, and a row can be traced back.

use super::draw::{Group, Quantity};
use super::variable::{At, Draw, Form, Input, Legal, Source, Variable};
use crate::error::Error;
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
#[derive(Clone)]
pub(super) struct Cell {
    values: Arc<[f64]>,
    times: f64,
    pub(super) row: Input,
    table: String,
    /// The name of the column that tells the row, as errors call it.
    row_name: String,
}

impl Cell {
    /// The cells of a column, `cat.flux`, whose numbers times `times` are all legal.
    ///
    /// # Errors
    /// What is wrong with the first row whose number is not.
    pub(super) fn new(
        name: &str,
        values: Arc<[f64]>,
        times: f64,
        row: Input,
        legal: &Legal,
    ) -> Result<Cell, String> {
        if let Some(row) = values.iter().position(|value| !legal.contains(value * times)) {
            let value = values[row] * times;
            let is_plain = value == 0.0 || (1e-5..1e16).contains(&value.abs());
            let shown = if is_plain { value.to_string() } else { format!("{value:e}") };
            return Err(format!("row {row} of {name} is {shown}; {legal}"));
        }
        let table = name.split('.').next().unwrap_or_default().to_string();
        Ok(Cell { values, times, row, row_name: format!("{table}.row"), table })
    }

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
}

/// The rows of a table one after the other, from the first again after the last.
#[derive(Clone)]
pub(super) struct Count {
    pub(super) rows: u64,
    /// How many a sample takes.
    pub(super) stride: u64,
}

impl Count {
    pub(super) fn value(&self, at: At) -> f64 {
        ((at.scene as u128 * self.stride as u128 + at.instance as u128) % self.rows as u128) as f64
    }
}

/// The samples that there are, where a table is read in order.
pub(super) struct Limit {
    pub(super) samples: u64,
    pub(super) table: String,
    pub(super) rows: u64,
    pub(super) stride: u64,
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

impl Source {
    /// What is wrong with the first row of which this makes no distribution, or none that can give
    /// a legal value, where all its numbers that vary stand in one row.
    pub(super) fn wrong_row(&self, legal: &Legal, record: &[f64]) -> Option<String> {
        let Source::Draw(draw) = self else { return None };
        let cells = of_one_row(self.nested())?;
        let (cell, mut record) = (cells[0], record.to_vec());
        (0..cell.values.len()).find_map(|row| {
            record[cell.row.offset] = row as f64;
            let message = draw.prior(At::default(), &record).ok()?.err();
            let message = message.or_else(|| draw.wrong_choice(legal, &record))?;
            Some(format!("row {row} of {}: {message}", cell.table))
        })
    }
}

impl Draw {
    fn wrong_choice(&self, legal: &Legal, record: &[f64]) -> Option<String> {
        let Form::Choice(choices, _) = &self.form else { return None };
        let values = choices.iter().map(|choice| choice.value(At::default(), record));
        let values: Vec<f64> = values.collect::<Result<_, _>>().ok()?;
        let cut = self.cut(legal.range, At::default(), record).ok()?;
        let is_whole = |value: &&f64| !legal.whole || value.trunc() == **value;
        match values.iter().find(|value| !is_whole(value)) {
            Some(value) => Some(format!("the choice {value} is not allowed; {legal}")),
            None if values.iter().any(|value| cut.contains(*value)) => None,
            None => Some(format!("no choice is allowed; {} must be {cut}", legal.name)),
        }
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
