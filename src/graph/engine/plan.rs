//! Plans: what is selected at one place of a document, compiled. A plan is a list of steps, each of which writes one key of an object.
//!
//! Compiling merges and chooses fields (`collect`), and reads arguments in which no variable stands. A plan depends on nothing else
//! but the key of cursors, which lasts as long as the server; so it is kept with its document. Arguments with variables are read once
//! a request, when the first field is written that has them.

use super::collect::{Wanted, collect};
use super::quoted::Quoted;
use super::record::{FieldDef, Record, TypeDef};
use super::request::{Bail, Reading, Request, Written, size, varies};
use super::writer::Writer;
use crate::policy::{Class, Rule};
use async_graphql::parser::types::SelectionSet;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::atomic::AtomicUsize;

/// The arguments of a field as a tuple.
pub type Tuple = Box<dyn Any + Send + Sync>;

/// How the arguments of a field are read.
pub type Read = fn(Reading<'_>) -> Result<Tuple, Bail>;

/// The arguments of a step.
enum Given<'d> {
    /// The same for every request; nothing when they are not acceptable, which matters only once the field is written.
    Fixed(Result<Tuple, Bail>),
    /// With variables.
    Varying(Read, &'d Written),
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
pub struct Step<'d> {
    pub(super) key: Quoted,
    /// Steps that it costs: those of its field, and some for a long key.
    pub(super) cost: u64,
    pub(super) what: What,
    /// The rule that a viewer has to fulfil who is to see the field; nothing for what everybody sees.
    pub(super) rule: Option<Rule>,
    given: Given<'d>,
    below: Result<Sub<'d>, Bail>,
}

impl<'d> Step<'d> {
    /// The arguments, by the types of the definition.
    ///
    /// # Errors
    /// When one of them is not acceptable.
    pub fn arguments<A: Clone + 'static>(&self, out: &Writer<'_, 'd>) -> Result<A, Bail> {
        match &self.given {
            Given::Fixed(tuple) => tuple.as_ref().map_err(|_| Bail)?.downcast_ref().cloned().ok_or(Bail),
            Given::Varying(read, written) => {
                let reading = Reading { bound: out.request.bound, written };
                out.late.tuple(self, || read(reading))?.downcast_ref().cloned().ok_or(Bail)
            }
        }
    }

    /// What is selected below.
    ///
    /// # Errors
    /// When it cannot be compiled, which matters only once the field is written.
    #[inline]
    pub fn below(&self) -> Result<&Sub<'d>, Bail> {
        self.below.as_ref().map_err(|_| Bail)
    }
}

/// The keys of an object.
pub struct Steps<'d> {
    pub(super) all: Box<[Step<'d>]>,
    /// Steps that all of them cost.
    pub(super) cost: u64,
}

/// A compiled selection.
pub enum Sub<'d> {
    /// Nothing: a value.
    Leaf,
    /// The keys of an object.
    Object(Steps<'d>),
    /// The keys of one of several types.
    Variants(Variants<'d>),
    /// A page of a list.
    List(super::list::ListPlan<'d>),
}

/// The types that an interface may be. Those for which there is no room are compiled when an object of them is met: selections that
/// stand in each other multiply.
pub struct Variants<'d> {
    sets: SmallVec<[&'d SelectionSet; 1]>,
    plans: Vec<Option<Steps<'d>>>,
}

impl<'d> Sub<'d> {
    /// An object of one type.
    ///
    /// # Errors
    /// When an argument or a directive is not acceptable.
    pub fn object<T: Record>(request: &Request<'d, '_>, sets: &[&'d SelectionSet]) -> Result<Self, Bail> {
        steps::<T>(request, sets).map(Self::Object)
    }

    /// An object of one of several types, which are still to be named.
    #[must_use]
    pub fn variants(sets: &[&'d SelectionSet]) -> Variants<'d> {
        Variants { sets: sets.into(), plans: Vec::new() }
    }
}

impl<'d> Variants<'d> {
    /// One more type that it may be.
    #[must_use]
    pub fn or<T: Record>(mut self, request: &Request<'d, '_>) -> Self {
        let ahead = request.compiled.get() < request.ahead.get();
        self.plans.push(if ahead { steps::<T>(request, &self.sets).ok() } else { None });
        self
    }

    /// The steps of the type at a place, when they were compiled ahead.
    pub(super) fn ahead(&self, variant: usize) -> Option<&Steps<'d>> {
        self.plans.get(variant)?.as_ref()
    }

    /// The steps of a type, compiled now.
    pub(super) fn compile<T: Record>(&self, request: &Request<'d, '_>) -> Result<Steps<'d>, Bail> {
        steps::<T>(request, &self.sets)
    }
}

/// What is worked out while a plan is written, once for each place of it.
#[derive(Default)]
pub struct Late<'d> {
    tuples: RefCell<FxHashMap<usize, Rc<Tuple>>>,
    steps: RefCell<FxHashMap<Place, Rc<Steps<'d>>>>,
}

/// A selection on an interface, and the number of one of its types.
type Place = (usize, usize);

/// Where a part of a plan stands in memory. It stays there while the plan is used.
fn address<T>(part: &T) -> usize {
    std::ptr::from_ref(part).addr()
}

impl<'d> Late<'d> {
    fn tuple(&self, of: &Step<'d>, read: impl FnOnce() -> Result<Tuple, Bail>) -> Result<Rc<Tuple>, Bail> {
        if let Some(known) = self.tuples.borrow().get(&address(of)) {
            return Ok(known.clone());
        }
        let tuple = Rc::new(read()?);
        self.tuples.borrow_mut().insert(address(of), tuple.clone());
        Ok(tuple)
    }

    pub(super) fn steps(
        &self,
        of: &Variants<'d>,
        variant: usize,
        compile: impl FnOnce() -> Result<Steps<'d>, Bail>,
    ) -> Result<Rc<Steps<'d>>, Bail> {
        let place = (address(of), variant);
        if let Some(known) = self.steps.borrow().get(&place) {
            return Ok(known.clone());
        }
        let steps = Rc::new(compile()?);
        self.steps.borrow_mut().insert(place, steps.clone());
        Ok(steps)
    }
}

fn steps<'d, T: Record>(request: &Request<'d, '_>, sets: &[&'d SelectionSet]) -> Result<Steps<'d>, Bail> {
    let wanted = collect(request, sets, &|condition| T::DEF.is(condition))?;
    let all = wanted.iter().map(|wanted| step(request, wanted, &T::DEF));
    let mut all = all.collect::<Result<Box<[_]>, Bail>>()?;
    all.first_mut().into_iter().for_each(|first| first.key.open());
    let cost = all.iter().fold(0, |sum: u64, step| sum.saturating_add(step.cost));
    Ok(Steps { all, cost })
}

/// Compiles one field of a type.
///
/// # Errors
/// For fields that only the library knows, such as `__schema`.
pub(super) fn step<'d, K: 'static>(
    request: &Request<'d, '_>,
    wanted: &Wanted<'d>,
    def: &TypeDef<K>,
) -> Result<Step<'d>, Bail> {
    request.count(1);
    let name = wanted.name();
    let place = |fields: &'static [FieldDef<K>]| (0_u8..).zip(fields).find(|(_, f)| f.info.name == name);
    let found = (0_u8..).zip(def.fields).find_map(|(table, fields)| Some((table, place(fields)?)));
    let (what, info, given, below) = match found {
        Some((table, (at, field))) => {
            let written = wanted.field.arguments.as_slice();
            let given = if written.iter().any(|(_, value)| varies(&value.node)) {
                Given::Varying(field.arguments, written)
            } else {
                // What was read is kept with the plan.
                request.count(written.iter().map(|(_, value)| size(&value.node)).sum());
                Given::Fixed((field.arguments)(Reading { bound: request.bound, written }))
            };
            (What::Field(table, at), Some(&field.info), given, (field.below)(request, wanted.sets()))
        }
        None if name == "__typename" => (What::TypeName, None, Given::Fixed(Ok(Box::new(()))), Ok(Sub::Leaf)),
        None => return Err(Bail),
    };
    // The name of a type costs nothing.
    let cost = info.map_or(0, |info| info.cost + wanted.weight());
    let rule = info.filter(|info| info.class != Class::Public).map(|info| info.rule);
    Ok(Step { key: wanted.quoted(), cost, what, rule, given, below })
}

/// All of an operation, compiled.
pub struct Plan<'d> {
    pub(super) root: Sub<'d>,
    /// About how many bytes its next answer will have.
    pub(super) size: AtomicUsize,
}

/// About how many bytes an answer has of which nothing is known yet.
pub(super) const SIZE: usize = 16 << 10;

impl<'d> Plan<'d> {
    /// Compiles an operation that was validated.
    ///
    /// # Errors
    /// When the library has to run it.
    pub fn new<T: Record<Key = ()>>(request: &Request<'d, '_>) -> Result<Self, Bail> {
        let root = Sub::object::<T>(request, &[request.root()])?;
        Ok(Self { root, size: AtomicUsize::new(SIZE) })
    }

    /// Compiles an operation of which the plan is to be kept: types of interfaces too, until so many parts are compiled. Says how
    /// many there are.
    ///
    /// # Errors
    /// When the library has to run it.
    pub fn to_keep<T: Record<Key = ()>>(
        request: &Request<'d, '_>,
        ahead: usize,
    ) -> Result<(Self, usize), Bail> {
        request.ahead.set(ahead);
        let plan = Self::new::<T>(request);
        request.ahead.set(0);
        Ok((plan?, request.compiled.get()))
    }
}
