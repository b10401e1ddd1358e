//! Tables for programs: columns with types, as Parquet or as Arrow.

use crate::domain::Day;

/// What the cells of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text,
    /// A whole number, of 64 bits.
    Whole,
    /// A number with decimals: the nearest one that a program has.
    Number,
    /// Yes or no.
    Truth,
    /// A day.
    Day,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name, which no other column has.
    pub name: String,
    /// What its cells are.
    pub kind: Kind,
    /// What is said of it: label, unit, definition.
    pub notes: Vec<(&'static str, String)>,
}

impl Field {
    /// A column of which nothing more is said.
    #[must_use]
    pub fn plain(name: impl Into<String>, kind: Kind) -> Self {
        Self { name: name.into(), kind, notes: Vec::new() }
    }
}

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Typed {
    /// Nothing.
    Empty,
    /// A text.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// A number with decimals.
    Number(f64),
    /// Yes or no.
    Truth(bool),
    /// A day.
    Day(Day),
}

/// Formats of such tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Columnar {
    /// Parquet, compressed by Snappy.
    Parquet,
    /// A file of Arrow IPC, which is Feather version 2.
    Arrow,
}

/// Why a table cannot be written.
pub type Broken = Box<dyn std::error::Error + Send + Sync>;

/// Whether this build writes such tables.
pub const HAS_COLUMNAR: bool = cfg!(feature = "columnar");

/// Takes the place of the writer in a build without the feature `columnar`: there is none.
#[cfg(not(feature = "columnar"))]
pub enum Frame {}

#[cfg(not(feature = "columnar"))]
impl Frame {
    /// There is none in this build.
    ///
    /// # Errors
    /// Always.
    pub fn new(_: Columnar, _: &[Field], _: &[(&'static str, String)]) -> Result<Self, Broken> {
        Err("built without `columnar`".into())
    }

    /// # Errors
    /// None: there is no such table.
    pub fn push(&mut self, _: Vec<Typed>) -> Result<(), Broken> {
        match *self {}
    }

    /// What was written since it was last asked for.
    pub fn part(&mut self) -> Vec<u8> {
        match *self {}
    }

    /// # Errors
    /// None: there is no such table.
    pub fn finish(self) -> Result<Vec<u8>, Broken> {
        match self {}
    }
}
