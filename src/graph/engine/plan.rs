//! Plans: what is selected at one place of a document, compiled for one request. A plan is a list of steps, each of which
//! writes one key of an object.
//!
//! Compiling merges repeated fields, applies type conditions, `@skip` and `@include`, and reads arguments. It takes about a
//! microsecond, so plans are not kept: they hold nothing that could outlive a request or leak into another.

use super::cursor::CursorKey;
use super::record::{Arguments, FieldDef, Record, TypeDef};
#[cfg(debug_assertions)]
use super::request::Planted;
use super::request::{Bail, Request};
use super::writer::Out;
use crate::domain::Fault;
use async_graphql::InputType;
use async_graphql::parser::types::{Field, Selection, SelectionSet};
use smallvec::{SmallVec, smallvec};
use std::any::Any;
use std::borrow::Cow;
use std::cell::{Cell, OnceCell};

/// A field that is wanted: all selections with its key, merged.
pub struct Wanted<'q> {
    request: &'q Request<'q>,
    key: &'q str,
    field: &'q Field,
    /// Hardly ever more than one.
    sets: SmallVec<[&'q SelectionSet; 1]>,
}

impl<'q> Wanted<'q> {
    /// Its key in the answer.
    #[must_use]
    pub fn key(&self) -> &'q str {
        self.key
    }

    /// Its name in the schema.
    #[must_use]
    pub fn name(&self) -> &'q str {
        self.field.name.node.as_str()
    }

    /// What is selected below it.
    #[must_use]
    pub fn sets(&self) -> &[&'q SelectionSet] {
        &self.sets
    }

    /// What a long key costs beside its field.
    pub(super) fn weight(&self) -> u64 {
        self.key.len() as u64 / 16
    }

    /// The key, with quotation marks and colon; `own` is that of a field without an alias. GraphQL names need no escapes.
    pub(super) fn quoted(&self, own: &'static str) -> Cow<'static, str> {
        if self.key == self.name() { Cow::Borrowed(own) } else { Cow::Owned(format!("\"{}\":", self.key)) }
    }
}

impl Arguments for Wanted<'_> {
    type Error = Bail;
    fn value<T: InputType>(&self, name: &str) -> Result<T, Bail> {
        let given = self.field.arguments.iter().find(|(n, _)| n.node == name);
        T::parse(given.and_then(|(_, value)| self.request.constant(&value.node))).map_err(|_| Bail)
    }
    fn refuse(&self, _: Fault) -> Bail {
        Bail
    }
    fn secret(&self) -> Result<&CursorKey, Bail> {
        Ok(self.request.secret)
    }
}

/// Collects the fields of selections on one type, in the order in which they first stand there.
///
/// # Errors
/// When a directive cannot be told.
pub fn collect<'q>(
    request: &'q Request<'q>,
    sets: &[&'q SelectionSet],
    is: &dyn Fn(&str) -> bool,
) -> Result<Vec<Wanted<'q>>, Bail> {
    let mut out = Vec::with_capacity(sets.first().map_or(0, |set| set.items.len()));
    let mut collect = Collect { request, is, out: &mut out };
    sets.iter().try_for_each(|set| collect.set(set))?;
    Ok(out)
}

struct Collect<'c, 'q> {
    request: &'q Request<'q>,
    is: &'c dyn Fn(&str) -> bool,
    out: &'c mut Vec<Wanted<'q>>,
}

impl<'q> Collect<'_, 'q> {
    fn set(&mut self, set: &'q SelectionSet) -> Result<(), Bail> {
        for item in &set.items {
            let (directives, on, below) = match &item.node {
                Selection::Field(field) => {
                    if self.request.stands(&field.node.directives)? {
                        self.field(&field.node)?;
                    }
                    continue;
                }
                Selection::FragmentSpread(spread) => {
                    let fragment =
                        &self.request.fragments.get(&spread.node.fragment_name.node).ok_or(Bail)?.node;
                    let on = Some(&fragment.type_condition.node.on.node);
                    (&spread.node.directives, on, &fragment.selection_set.node)
                }
                Selection::InlineFragment(inline) => {
                    let on = inline.node.type_condition.as_ref().map(|c| &c.node.on.node);
                    (&inline.node.directives, on, &inline.node.selection_set.node)
                }
            };
            let holds = on.is_none_or(|on| (self.is)(on));
            #[cfg(debug_assertions)]
            let holds = holds || self.request.is_planted(Planted::NoTypeConditions);
            if self.request.stands(directives)? && holds {
                self.set(below)?;
            }
        }
        Ok(())
    }

    fn field(&mut self, field: &'q Field) -> Result<(), Bail> {
        let key = field.alias.as_ref().unwrap_or(&field.name).node.as_str();
        let below = &field.selection_set.node;
        match self.out.iter_mut().find(|wanted| wanted.key == key) {
            #[cfg(debug_assertions)]
            Some(_) if self.request.is_planted(Planted::NoMerging) => {}
            // The library's validation lets some conflicts pass, and its executor makes something of them.
            Some(wanted) if wanted.field.name != field.name || wanted.field.arguments != field.arguments => {
                return Err(Bail);
            }
            Some(wanted) => wanted.sets.push(below),
            None => self.out.push(Wanted { request: self.request, key, field, sets: smallvec![below] }),
        }
        Ok(())
    }
}

/// The arguments of a field as a tuple, and what is selected below it.
pub struct Compiled<'q> {
    arguments: Box<dyn Any>,
    sub: Sub<'q>,
}

impl<'q> Compiled<'q> {
    /// A field that returns `R` and takes the arguments `A`.
    ///
    /// # Errors
    /// When what is selected below cannot be compiled.
    pub fn new<R: Out, A: 'static>(
        request: &'q Request<'q>,
        wanted: &Wanted<'q>,
        arguments: A,
    ) -> Result<Self, Bail> {
        Ok(Self { arguments: Box::new(arguments), sub: R::compile(request, wanted.sets())? })
    }
}

/// What a step writes.
#[derive(Clone, Copy)]
pub(super) enum What {
    /// `__typename`.
    TypeName,
    /// A field of the type: its table, and its place there.
    Field(u8, u8),
}

/// One key of an object.
pub struct Step<'q> {
    pub(super) key: Cow<'static, str>,
    pub(super) weight: u64,
    pub(super) what: What,
    /// Whether it was noted that the viewer may not read it.
    pub(super) masked: Cell<bool>,
    /// Nothing when an argument is not acceptable: that matters only once the field is written.
    compiled: Result<Compiled<'q>, Bail>,
}

impl<'q> Step<'q> {
    /// The arguments, by the types of the definition.
    ///
    /// # Errors
    /// When one of them is not acceptable.
    pub fn arguments<A: 'static>(&self) -> Result<&A, Bail> {
        self.compiled.as_ref().map_err(|_| Bail)?.arguments.downcast_ref().ok_or(Bail)
    }

    /// The key of the field without an alias.
    pub(super) fn own_key<K>(&self, def: &TypeDef<K>) -> &'static str {
        match self.what {
            What::TypeName => "\"__typename\":",
            What::Field(table, at) => def.fields[usize::from(table)][usize::from(at)].info.key,
        }
    }

    /// What is selected below.
    #[must_use]
    pub fn below(&self) -> &Sub<'q> {
        self.compiled.as_ref().map_or(&Sub::Leaf, |compiled| &compiled.sub)
    }
}

/// A compiled selection.
pub enum Sub<'q> {
    /// Nothing: a value.
    Leaf,
    /// The keys of an object.
    Object(Vec<Step<'q>>),
    /// The keys of one of several types, each compiled when an object of it is met.
    Variants(Variants<'q>),
    /// A page of a list.
    List(super::list::ListPlan<'q>),
}

/// The types that an interface may be.
pub struct Variants<'q> {
    request: &'q Request<'q>,
    sets: Vec<&'q SelectionSet>,
    plans: Box<[OnceCell<Vec<Step<'q>>>]>,
}

impl<'q> Sub<'q> {
    /// An object of one type.
    ///
    /// # Errors
    /// When an argument or a directive is not acceptable.
    pub fn object<T: Record>(request: &'q Request<'q>, sets: &[&'q SelectionSet]) -> Result<Self, Bail> {
        steps::<T>(request, sets).map(Self::Object)
    }

    /// An object of one of several types.
    #[must_use]
    pub fn variants(request: &'q Request<'q>, sets: &[&'q SelectionSet], count: usize) -> Self {
        let plans = std::iter::repeat_with(OnceCell::new).take(count).collect();
        Self::Variants(Variants { request, sets: sets.to_vec(), plans })
    }
}

impl<'q> Variants<'q> {
    /// The steps of the type at a place, which is always the same type.
    pub(super) fn steps<T: Record>(&self, variant: usize) -> Result<&[Step<'q>], Bail> {
        let plan = self.plans.get(variant).ok_or(Bail)?;
        if let Some(steps) = plan.get() {
            return Ok(steps);
        }
        let compiled = steps::<T>(self.request, &self.sets)?;
        Ok(plan.get_or_init(|| compiled))
    }
}

fn steps<'q, T: Record>(request: &'q Request<'q>, sets: &[&'q SelectionSet]) -> Result<Vec<Step<'q>>, Bail> {
    let wanted = collect(request, sets, &|condition| T::DEF.is(condition))?;
    wanted.iter().map(|wanted| step(request, wanted, &T::DEF)).collect()
}

/// Compiles one field of a type.
///
/// # Errors
/// For fields that only the library knows, such as `__schema`.
pub(super) fn step<'q, K: 'static>(
    request: &'q Request<'q>,
    wanted: &Wanted<'q>,
    def: &TypeDef<K>,
) -> Result<Step<'q>, Bail> {
    let name = wanted.name();
    let place = |fields: &'static [FieldDef<K>]| (0_u8..).zip(fields).find(|(_, f)| f.info.name == name);
    let found = (0_u8..).zip(def.fields).find_map(|(table, fields)| Some((table, place(fields)?)));
    let (what, key, compiled) = match found {
        Some((table, (at, field))) => {
            (What::Field(table, at), field.info.key, (field.compile)(request, wanted))
        }
        None if name == "__typename" => {
            let nothing = Compiled { arguments: Box::new(()), sub: Sub::Leaf };
            (What::TypeName, "\"__typename\":", Ok(nothing))
        }
        None => return Err(Bail),
    };
    let key = wanted.quoted(key);
    Ok(Step { key, weight: wanted.weight(), what, masked: Cell::new(false), compiled })
}
