//! A row of a database as it arrives, read straight into a plain row: cell by cell, in the order of the columns.

use serde::de::{self, DeserializeSeed, SeqAccess, Visitor};
use serde::{Deserializer, forward_to_deserialize_any};
use std::fmt::Display;

/// What is wrong with a row.
#[derive(Debug)]
pub struct CellError(pub String);

impl std::fmt::Display for CellError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for CellError {}

impl de::Error for CellError {
    fn custom<T: Display>(text: T) -> Self {
        Self(text.to_string())
    }
}

/// The cells of a row, one after the other.
pub trait Cells {
    /// Whether the next cell is null.
    fn is_null(&self) -> Result<bool, CellError>;
    /// Passes over the next cell.
    fn skip(&mut self) -> Result<(), CellError>;
    /// The next cell as a number; a truth value is 1 or 0.
    fn number(&mut self) -> Result<i64, CellError>;
    /// The next cell as a text.
    fn text(&mut self) -> Result<&str, CellError>;
}

/// Reads a row.
///
/// # Errors
/// When a cell is not of the type of its column.
pub fn row<T: de::DeserializeOwned>(cells: &mut impl Cells) -> Result<T, CellError> {
    T::deserialize(Row(cells))
}

struct Row<'c, C>(&'c mut C);
struct Cell<'c, C>(&'c mut C);

impl<'de, C: Cells> SeqAccess<'de> for Row<'_, C> {
    type Error = CellError;
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, CellError> {
        seed.deserialize(Cell(self.0)).map(Some)
    }
}

impl<'de, C: Cells> Deserializer<'de> for Row<'_, C> {
    type Error = CellError;
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CellError> {
        visitor.visit_seq(self)
    }
    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de, C: Cells> Deserializer<'de> for Cell<'_, C> {
    type Error = CellError;
    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, CellError> {
        Err(CellError("a column of a type that no table has".to_owned()))
    }
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CellError> {
        if self.0.is_null()? {
            self.0.skip()?;
            return visitor.visit_none();
        }
        visitor.visit_some(self)
    }
    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CellError> {
        visitor.visit_i64(self.0.number()?)
    }
    fn deserialize_i32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CellError> {
        visitor.visit_i64(self.0.number()?)
    }
    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CellError> {
        visitor.visit_bool(self.0.number()? != 0)
    }
    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CellError> {
        visitor.visit_str(self.0.text()?)
    }
    forward_to_deserialize_any! {
        i8 i16 i128 u8 u16 u32 u64 u128 f32 f64 char str bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}
