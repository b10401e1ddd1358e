//! What many rows have in common, kept once a shard: a title with its level and quota, a procedure with who decided.

use rustc_hash::FxHashMap;
use std::hash::Hash;
use std::marker::PhantomData;

/// A reference to a form.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Form<T>(u32, PhantomData<fn() -> T>);

impl<T> Clone for Form<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Form<T> {}

/// The forms of a shard.
#[derive(Debug, Clone)]
pub struct Forms<T>(Box<[T]>);

impl<T> Forms<T> {
    /// The form.
    #[inline]
    #[must_use]
    pub fn get(&self, form: Form<T>) -> &T {
        &self.0[form.0 as usize]
    }
}

/// Collects forms while a shard is built.
pub struct FormsBuilder<T> {
    known: FxHashMap<T, u32>,
    forms: Vec<T>,
}

impl<T> Default for FormsBuilder<T> {
    fn default() -> Self {
        Self { known: FxHashMap::default(), forms: Vec::new() }
    }
}

impl<T: Copy + Eq + Hash> FormsBuilder<T> {
    /// The reference to a form, which is added when it is new.
    pub fn add(&mut self, form: T) -> Form<T> {
        let number = *self.known.entry(form).or_insert_with(|| {
            self.forms.push(form);
            u32::try_from(self.forms.len() - 1).unwrap_or(u32::MAX)
        });
        Form(number, PhantomData)
    }

    /// The finished forms.
    pub fn finish(self) -> Forms<T> {
        Forms(self.forms.into())
    }
}
