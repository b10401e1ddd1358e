//! The writer: values and objects of the register become bytes of the answer, without a value of the library in between.

use super::gid::Gid;
use super::plan::{Late, Step, Steps, Sub, What};
use super::record::{FieldDef, Record, Ref};
#[cfg(debug_assertions)]
use super::request::Planted;
use super::request::{Bail, Request};
use super::value::{Code, DateTime, Decimal, Int64, Text};
use crate::domain::{CodeList, CreditCode, Day, DivisionCode, Fault};
use crate::policy::View;
use async_graphql::parser::types::SelectionSet;

/// What a field may return: compiled from what is selected below it, and written.
pub trait Out {
    /// Compiles what is selected.
    ///
    /// # Errors
    /// When the level above has to run the request.
    fn compile<'d>(_: &Request<'d, '_>, _: &[&'d SelectionSet]) -> Result<Sub<'d>, Bail> {
        Ok(Sub::Leaf)
    }
    /// Writes the value.
    ///
    /// # Errors
    /// When the level above has to run the request.
    fn write<'d>(&self, sub: &Sub<'d>, out: &mut Writer<'_, 'd>) -> Result<(), Bail>;
}

/// The bytes of an answer while they are written.
pub struct Writer<'w, 'd> {
    pub(super) bytes: Vec<u8>,
    pub(super) request: &'w Request<'d, 'w>,
    /// Fields of which it was noted that the viewer may not read them.
    masked: Vec<(&'static str, &'static str)>,
    pub(super) late: Late<'d>,
    /// The most bytes that there may be.
    most: usize,
}

impl<'w, 'd> Writer<'w, 'd> {
    /// Begins an answer.
    #[must_use]
    pub fn new(request: &'w Request<'d, 'w>, view: &View, bytes: Vec<u8>) -> Self {
        Self { bytes, request, masked: Vec::new(), late: Late::default(), most: view.meter().most() }
    }

    /// The bytes.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        self.bytes
    }

    /// Bytes that are JSON already.
    #[inline]
    pub fn raw(&mut self, json: &str) {
        self.bytes.extend_from_slice(json.as_bytes());
    }

    /// A text that holds nothing to escape.
    #[inline]
    pub fn plain(&mut self, text: &str) {
        self.ascii(text.as_bytes());
    }

    /// Bytes of a text that hold nothing to escape. Most are short: those are copied in two blocks of a fixed length, which overlap.
    pub(super) fn ascii(&mut self, text: &[u8]) {
        let bytes = &mut self.bytes;
        bytes.reserve(text.len() + 2);
        bytes.push(b'"');
        let end = bytes.len() + text.len();
        if let (Some(first), Some(last), true) =
            (text.first_chunk::<16>(), text.last_chunk::<16>(), text.len() <= 32)
        {
            bytes.extend_from_slice(first);
            bytes.truncate(end - 16);
            bytes.extend_from_slice(last);
        } else if let (Some(first), Some(last), true) =
            (text.first_chunk::<8>(), text.last_chunk::<8>(), text.len() <= 16)
        {
            bytes.extend_from_slice(first);
            bytes.truncate(end - 8);
            bytes.extend_from_slice(last);
        } else {
            bytes.extend_from_slice(text);
        }
        bytes.push(b'"');
    }

    /// Any text.
    #[inline]
    pub fn text(&mut self, text: &str) {
        // All bytes are looked at, without a branch: the compiler does many at once.
        let odd = |odd, b: u8| odd | (b < 0x20) | (b == b'"') | (b == b'\\');
        if text.bytes().fold(false, odd) {
            self.escaped(text);
        } else {
            self.plain(text);
        }
    }

    #[cold]
    fn escaped(&mut self, text: &str) {
        // Writing into memory does not fail.
        let _ = serde_json::to_writer(&mut self.bytes, text);
    }

    /// A number.
    #[inline]
    pub fn number(&mut self, number: i64) {
        self.raw(itoa::Buffer::new().format(number));
    }

    /// The separator before the element at a place, and the bracket before the first.
    #[inline]
    pub fn separate(&mut self, at: usize, bracket: u8) {
        self.bytes.push(if at == 0 { bracket } else { b',' });
    }

    /// Charges steps, and what was written.
    ///
    /// # Errors
    /// When the budget is used up.
    #[inline]
    pub fn charge(&self, view: &View, steps: u64) -> Result<(), Bail> {
        view.meter().charge(steps).map_err(|_| Bail)?;
        self.fits(view)
    }

    /// Looks whether too much was written.
    #[inline]
    fn fits(&self, view: &View) -> Result<(), Bail> {
        if self.bytes.len() <= self.most {
            return Ok(());
        }
        view.meter().wrote(self.bytes.len()).map_err(|_| Bail)
    }

    /// An object: its fields are charged all at once, and each is masked as in `read_field`.
    ///
    /// # Errors
    /// When the level above has to run the request.
    pub fn object<T: Record>(&mut self, steps: &Steps<'d>, of: Ref<'_, T>) -> Result<(), Bail> {
        of.view.meter().charge(steps.cost).map_err(|_| Bail)?;
        for step in &steps.all {
            self.fits(of.view)?;
            step.key.write(&mut self.bytes);
            self.field::<T>(T::DEF.fields, step, of)?;
        }
        self.raw(if steps.all.is_empty() { "{}" } else { "}" });
        Ok(())
    }

    /// The value of one field of some tables, charged by itself.
    pub(super) fn charged<T: Record>(
        &mut self,
        tables: &'static [&'static [FieldDef<T::Key>]],
        step: &Step<'d>,
        of: Ref<'_, T>,
    ) -> Result<(), Bail> {
        self.charge(of.view, step.cost)?;
        self.field::<T>(tables, step, of)
    }

    #[inline(always)]
    fn field<T: Record>(
        &mut self,
        tables: &'static [&'static [FieldDef<T::Key>]],
        step: &Step<'d>,
        of: Ref<'_, T>,
    ) -> Result<(), Bail> {
        let What::Field(table, at) = step.what else {
            self.plain(T::DEF.name);
            return Ok(());
        };
        let def = &tables[usize::from(table)][usize::from(at)];
        let hidden = step.rule.is_some_and(|rule| !T::permits(of.view, of.key, rule));
        #[cfg(debug_assertions)]
        let hidden = hidden && !self.request.is_planted(Planted::NoMask);
        if hidden {
            self.mask(of.view, T::DEF.name, def.info.name);
            return Ok(());
        }
        (def.write)(of.view, of.key, step, self)
    }

    /// Null for what the viewer may not read, which is noted once.
    fn mask(&mut self, view: &View, type_name: &'static str, field: &'static str) {
        let same =
            |(t, f): &(&'static str, &'static str)| std::ptr::eq(*t, type_name) && std::ptr::eq(*f, field);
        if !self.masked.iter().any(same) {
            self.masked.push((type_name, field));
            view.meter().mask(type_name, field);
        }
        self.raw("null");
    }

    /// An object of one of the types of an interface.
    ///
    /// # Errors
    /// When the level above has to run the request.
    pub fn variant<T: Record>(&mut self, sub: &Sub<'d>, variant: usize, of: Ref<'_, T>) -> Result<(), Bail> {
        let Sub::Variants(variants) = sub else { return Err(Bail) };
        if let Some(steps) = variants.ahead(variant) {
            return self.object(steps, of);
        }
        let compile = || variants.compile::<T>(self.request);
        let steps = self.late.steps(variants, variant, compile)?;
        self.object(&steps, of)
    }
}

impl<T: Record> Out for Ref<'_, T> {
    fn compile<'d>(request: &Request<'d, '_>, sets: &[&'d SelectionSet]) -> Result<Sub<'d>, Bail> {
        Sub::object::<T>(request, sets)
    }
    fn write<'d>(&self, sub: &Sub<'d>, out: &mut Writer<'_, 'd>) -> Result<(), Bail> {
        let Sub::Object(steps) = sub else { return Err(Bail) };
        out.object(steps, *self)
    }
}

impl<T: Out> Out for Option<T> {
    fn compile<'d>(request: &Request<'d, '_>, sets: &[&'d SelectionSet]) -> Result<Sub<'d>, Bail> {
        T::compile(request, sets)
    }
    #[inline]
    fn write<'d>(&self, sub: &Sub<'d>, out: &mut Writer<'_, 'd>) -> Result<(), Bail> {
        match self {
            Some(value) => value.write(sub, out),
            None => {
                out.raw("null");
                Ok(())
            }
        }
    }
}

impl<T: Out> Out for Vec<T> {
    fn compile<'d>(request: &Request<'d, '_>, sets: &[&'d SelectionSet]) -> Result<Sub<'d>, Bail> {
        T::compile(request, sets)
    }
    fn write<'d>(&self, sub: &Sub<'d>, out: &mut Writer<'_, 'd>) -> Result<(), Bail> {
        for (at, value) in self.iter().enumerate() {
            out.separate(at, b'[');
            value.write(sub, out)?;
        }
        out.raw(if self.is_empty() { "[]" } else { "]" });
        Ok(())
    }
}

/// An error is the ordinary level's to report.
impl<T: Out> Out for Result<T, Fault> {
    fn compile<'d>(request: &Request<'d, '_>, sets: &[&'d SelectionSet]) -> Result<Sub<'d>, Bail> {
        T::compile(request, sets)
    }
    #[inline]
    fn write<'d>(&self, sub: &Sub<'d>, out: &mut Writer<'_, 'd>) -> Result<(), Bail> {
        self.as_ref().map_err(|_| Bail)?.write(sub, out)
    }
}

/// Values, which have nothing below them.
macro_rules! leaf {
    ($($type:ty, |$this:ident, $out:ident| $write:expr;)+) => {$(
        impl Out for $type {
            #[inline]
            fn write<'d>(&self, _: &Sub<'d>, $out: &mut Writer<'_, 'd>) -> Result<(), Bail> {
                let $this = self;
                $write;
                Ok(())
            }
        }
    )+};
}

leaf! {
    Text<'_>, |this, out| out.text(this.0);
    String, |this, out| out.text(this);
    async_graphql::ID, |this, out| out.text(this);
    i32, |this, out| out.number(i64::from(*this));
    Int64, |this, out| out.number(this.0);
    Decimal, |this, out| out.raw(&this.0.json());
    bool, |this, out| out.raw(if *this { "true" } else { "false" });
    Gid, |this, out| out.ascii(this.ascii());
    DateTime, |this, out| out.text(&this.0);
    CreditCode, |this, out| out.text(this.as_str());
    Day, |this, out| out.day(*this);
    DivisionCode, |this, out| out.division_code(*this);
}

impl<T: CodeList> Out for Code<T> {
    #[inline]
    fn write<'d>(&self, _: &Sub<'d>, out: &mut Writer<'_, 'd>) -> Result<(), Bail> {
        out.plain(self.0.value());
        Ok(())
    }
}

impl Writer<'_, '_> {
    /// `YYYY-MM-DD`.
    fn day(&mut self, day: Day) {
        match day.ascii() {
            Some(text) => self.ascii(&text),
            None => self.text(&day.to_string()),
        }
    }

    /// The shortest form.
    fn division_code(&mut self, code: DivisionCode) {
        let mut digits = itoa::Buffer::new();
        let digits = digits.format(code.number());
        self.plain(digits.get(..code.digits() as usize).unwrap_or(digits));
    }
}
