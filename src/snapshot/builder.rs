//! What the builders of the nouns share while a shard is built.

use super::BuildError;
use super::ids::Referrer;
use super::packed::Packed;
use super::strings::{Interner, Sym};
use super::table::Span;
use crate::domain::{CodeList, Day, DivisionCode, Validity};

/// What the builders of the nouns share: strings, references, and reading of values.
pub struct Builder {
    pub shard: u32,
    pub strings: Interner,
    pub references: Referrer,
}

impl Builder {
    /// The builder of a shard.
    pub fn new(shard: u32) -> Self {
        Self { shard, strings: Interner::default(), references: Referrer::new(shard) }
    }

    /// Interns a text.
    pub fn text(&mut self, text: &str) -> Sym {
        self.strings.add(text)
    }

    /// Interns a text that may be absent.
    pub fn maybe_text(&mut self, text: Option<&str>) -> Option<Sym> {
        self.strings.maybe(text)
    }

    /// Keeps a text that hardly any other record has.
    pub fn new_text(&mut self, text: &str) -> Sym {
        self.strings.add_new(text)
    }

    /// Packs a number that is written as a text.
    pub fn packed(&mut self, text: Option<&str>) -> Packed {
        Packed::new(text, &mut self.strings)
    }

    /// Reads a value of a code list.
    #[expect(clippy::unused_self, reason = "all readers are called alike")]
    pub fn code<T: CodeList>(&self, text: &str) -> Result<T, BuildError> {
        T::parse(text).ok_or_else(|| BuildError(format!("`{text}` is not in the code list {}", T::NAME)))
    }

    /// Reads a value of a code list that may be absent.
    pub fn maybe_code<T: CodeList>(&self, text: Option<&str>) -> Result<Option<T>, BuildError> {
        text.map(|t| self.code(t)).transpose()
    }

    /// Reads a division code.
    #[expect(clippy::unused_self, reason = "all readers are called alike")]
    pub fn division_code(&self, text: &str) -> Result<DivisionCode, BuildError> {
        DivisionCode::parse(text).ok_or_else(|| BuildError(format!("`{text}` is not a division code")))
    }

    /// Reads a day.
    #[expect(clippy::unused_self, reason = "all readers are called alike")]
    pub fn day(&self, text: &str) -> Result<Day, BuildError> {
        Day::parse(text).ok_or_else(|| BuildError(format!("`{text}` is not a date")))
    }

    /// Reads a day that may be absent.
    pub fn maybe_day(&self, text: Option<&str>) -> Result<Option<Day>, BuildError> {
        text.map(|t| self.day(t)).transpose()
    }

    /// Reads a validity; absent bounds are open.
    pub fn validity(&self, from: Option<&str>, to: Option<&str>) -> Result<Validity, BuildError> {
        Ok(Validity {
            from: self.maybe_day(from)?.unwrap_or(Day::OPEN_FROM),
            to: self.maybe_day(to)?.unwrap_or(Day::OPEN_TO),
        })
    }

    /// The stretch of sorted rows that belongs to an owner.
    #[expect(clippy::unused_self, reason = "all readers are called alike")]
    pub fn span<T>(&self, sorted: &[T], owner: i64, key: impl Fn(&T) -> i64) -> Span {
        let at = sorted.partition_point(|r| key(r) < owner);
        let len = sorted[at..].partition_point(|r| key(r) == owner);
        Span { at: u32::try_from(at).unwrap_or(0), len: u32::try_from(len).unwrap_or(0) }
    }
}
