//! The columns of a record: all that one row draws and derives, in one run of `f64`.

use crate::param::{Kind, Model, Param, Range, Unit};
use serde::Serialize;
use std::collections::HashMap;

/// A value of a `let`.
pub(super) const LET: Param =
    Param::new("let", Unit::One, Range::ANY, "A value that the recipe names with let.");

/// The row of a table.
const ROW: Param =
    Param::new("row", Unit::One, Range::NOT_NEGATIVE, "Row of the table, from 0.").kind(Kind::Integer);

/// Where a column's values go in a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// One value a row.
    Label,
    /// One value an object slot; NaN where the object is absent.
    Object,
}

/// One column.
#[derive(Clone, Debug, Serialize)]
pub struct Column {
    /// `galaxy.flux`.
    pub name: String,
    /// Where it begins in the record.
    pub offset: usize,
    /// One, or the number of the entry's slots.
    pub width: usize,
    /// Where its values go.
    pub role: Role,
    /// Whether it is integer by nature.
    pub integer: bool,
    /// Its unit.
    pub unit: Unit,
    /// One sentence.
    pub summary: &'static str,
    /// The entry it belongs to.
    pub entry: Option<String>,
    /// The parameter of the entry's model, or the name of the entry's `let`.
    pub parameter: Option<String>,
    /// The entry's model.
    pub model: Option<&'static str>,
    /// Whether the renderer reads it.
    pub canonical: bool,
}

impl Column {
    fn of(name: String, param: &Param) -> Column {
        Column {
            name,
            offset: 0,
            width: 1,
            role: Role::Label,
            integer: param.kind != Kind::Real,
            unit: param.unit,
            summary: param.summary,
            entry: None,
            parameter: None,
            model: None,
            canonical: false,
        }
    }
}

/// The columns as they are laid out.
#[derive(Default)]
pub(super) struct Layout {
    pub(super) columns: Vec<Column>,
    pub(super) width: usize,
    /// The number of each column by its name.
    by_name: HashMap<String, usize>,
}

impl Layout {
    /// Adds a column that belongs to the sample as a whole.
    pub(super) fn label(&mut self, name: String, param: &Param) -> usize {
        self.push(Column { role: Role::Label, width: 1, ..Column::of(name, param) })
    }

    /// Adds a column of an entry's parameter or `let`.
    pub(super) fn entry(&mut self, owner: &Owner, param: &Param) -> usize {
        let column = Column::of(format!("{}.{}", owner.name, param.name), param);
        self.owned(owner, Column { parameter: Some(param.name.into()), ..column })
    }

    /// Adds a column of a `let` of an entry.
    pub(super) fn entry_let(&mut self, owner: &Owner, name: &str) -> usize {
        let column = Column::of(format!("{}.{name}", owner.name), &LET);
        self.owned(owner, Column { parameter: Some(name.into()), ..column })
    }

    /// Adds the column of the rows that samples take of a table.
    pub(super) fn row(&mut self, table: &str) -> usize {
        self.label(format!("{table}.row"), &ROW)
    }

    /// Adds the column of the rows that an entry's objects take of a table.
    pub(super) fn entry_row(&mut self, owner: &Owner, table: &str) -> usize {
        let (name, parameter) = (format!("{}.{table}.row", owner.name), format!("{table}.row"));
        self.owned(owner, Column { parameter: Some(parameter), ..Column::of(name, &ROW) })
    }

    /// Adds a column of an entry's own noise.
    pub(super) fn noise(&mut self, owner: &Owner, name: String, param: &Param) -> usize {
        self.owned(owner, Column::of(name, param))
    }

    /// The column of this name.
    pub(super) fn column(&self, name: &str) -> Option<&Column> {
        self.by_name.get(name).map(|i| &self.columns[*i])
    }

    /// Where the column of this name begins.
    pub(super) fn named(&self, name: &str) -> Option<usize> {
        self.column(name).map(|column| column.offset)
    }

    /// Where the column of an entry's parameter begins.
    pub(super) fn offset(&self, entry: &str, parameter: &str) -> Option<usize> {
        self.named(&format!("{entry}.{parameter}"))
    }

    /// The columns of an entry.
    pub(super) fn of_entry<'a>(&'a self, entry: &'a str) -> impl Iterator<Item = &'a Column> + Clone {
        self.columns.iter().filter(move |column| column.entry.as_deref() == Some(entry))
    }

    fn owned(&mut self, owner: &Owner, column: Column) -> usize {
        self.push(Column {
            width: owner.slots,
            role: if owner.single { Role::Label } else { Role::Object },
            entry: Some(owner.name.to_string()),
            model: Some(owner.model.name),
            canonical: column.parameter.as_deref().is_some_and(|name| owner.model.canonical.contains(&name)),
            ..column
        })
    }

    fn push(&mut self, column: Column) -> usize {
        let offset = self.width;
        self.width += column.width;
        self.by_name.insert(column.name.clone(), self.columns.len());
        self.columns.push(Column { offset, ..column });
        offset
    }
}

/// Whose columns are being laid out.
pub(super) struct Owner<'a> {
    /// Its number among all.
    pub(super) index: usize,
    pub(super) name: &'a str,
    pub(super) model: &'static Model,
    pub(super) slots: usize,
    /// Whether every sample has exactly one.
    pub(super) single: bool,
    /// Whether a sample that has any has exactly one.
    pub(super) once: bool,
}
