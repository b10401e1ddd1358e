//! Documents that were parsed, measured and validated before, and what they were compiled to. Nothing here depends on a viewer: only
//! the text decides, and which of its Boolean variables are true.

use super::gate::Measure;
use crate::domain::{ErrorCode, Fault};
use crate::graph::Query;
use crate::graph::engine::{Bail, CursorKey, Plan, Request, direct};
use crate::policy::View;
use async_graphql::parser::types::{BaseType, DocumentOperations, ExecutableDocument, OperationDefinition};
use async_graphql::{Positioned, Value, Variables};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use rustc_hash::{FxHashSet, FxHasher};
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Plans of the operations of a document.
#[derive(Default)]
struct Plans<'d>(Mutex<Kept<'d>>);

#[derive(Default)]
struct Kept<'d> {
    plans: Vec<(Variation, Arc<Plan<'d>>)>,
    /// For how many more parts of plans there is room.
    room: usize,
}

/// What a plan depends on beside the text: the operation, and which variables are true or false.
type Variation = (Option<String>, Vec<Option<bool>>);

/// The most plans of a document.
const PLANS: usize = 16;

/// Why a known document was not answered by its plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unanswered {
    /// There is no plan: it was not compiled yet, or it is too large to be kept.
    NoPlan,
    /// The plan gave up: the library has to run the document.
    GaveUp,
}

self_cell::self_cell!(
    /// A document with its plans, which borrow from it.
    struct Compiled {
        owner: ExecutableDocument,
        #[not_covariant]
        dependent: Plans,
    }
);

/// A document that the schema allows.
pub struct Known {
    compiled: Compiled,
    /// How large it is.
    pub measure: Measure,
    /// Shapes of variables that the schema allows with it.
    shapes: Mutex<FxHashSet<u64>>,
}

impl<'d> Plans<'d> {
    fn kept(&self) -> MutexGuard<'_, Kept<'d>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The plan of an operation, compiled when that is wanted and there is room to keep it. What is too large is compiled once in vain,
    /// not again and again.
    fn find(
        &self,
        name: Option<&str>,
        request: &Request<'d, '_>,
        compile: bool,
    ) -> Result<Arc<Plan<'d>>, Unanswered> {
        let variation = request.variation();
        let same = |of: &Variation| of.0.as_deref() == name && of.1 == variation;
        let room = {
            let kept = self.kept();
            if let Some((_, plan)) = kept.plans.iter().find(|(of, _)| same(of)) {
                return Ok(plan.clone());
            }
            if !compile || kept.room == 0 || kept.plans.len() >= PLANS {
                return Err(Unanswered::NoPlan);
            }
            kept.room
        };
        // Half of the room at most, so that another variation finds some too.
        let compiled = Plan::to_keep::<Query>(request, room / 2);
        let (plan, parts) = compiled.map_err(|Bail| Unanswered::GaveUp)?;
        let plan = Arc::new(plan);
        let mut kept = self.kept();
        // The room is counted anew: others compiled meanwhile.
        kept.room = match kept.room.checked_sub(parts + 1) {
            Some(rest) if kept.plans.len() < PLANS && !kept.plans.iter().any(|(of, _)| same(of)) => {
                kept.plans.push(((name.map(str::to_owned), variation), plan.clone()));
                rest
            }
            Some(_) => kept.room,
            None => 0,
        };
        Ok(plan)
    }
}

/// For how many parts of plans there is room beside a document: for two variations of it, and for types that an interface may be.
fn room(measure: &Measure) -> usize {
    let fields = usize::try_from(measure.fields()).unwrap_or(usize::MAX);
    fields.saturating_mul(2).saturating_add(measure.tokens / 2).saturating_add(64).min(MOST)
}

/// The most parts of all plans of a document.
const MOST: usize = 20_000;
/// What a part of a plan takes in memory, about.
const PART: u64 = 200;

/// The most shapes of variables that are kept with a document.
const SHAPES: usize = 256;
/// Types whose values are told apart by their kind alone; of all others, enums and inputs, the value itself counts.
const SCALARS: &[&str] =
    &["Int", "Float", "String", "Boolean", "ID", "Date", "DateTime", "DivisionCode", "CreditCode"];

impl Known {
    /// A document that is to be validated.
    #[must_use]
    pub fn new(document: ExecutableDocument, measure: Measure) -> Self {
        let room = room(&measure);
        let compiled = Compiled::new(document, |_| Plans(Mutex::new(Kept { plans: Vec::new(), room })));
        Self { compiled, measure, shapes: Mutex::default() }
    }

    /// The document.
    pub fn document(&self) -> &ExecutableDocument {
        self.compiled.borrow_owner()
    }

    /// Writes the answer to an operation by its plan; compiles that now if it was not, and that is wanted.
    ///
    /// # Errors
    /// Why another level has to answer.
    pub fn direct(
        &self,
        name: Option<&str>,
        variables: &Variables,
        secret: &CursorKey,
        view: &View,
        compile: bool,
    ) -> Result<Vec<u8>, Unanswered> {
        self.compiled.with_dependent(|document, plans| {
            let operation = operation(document, name).map_err(|_| Unanswered::GaveUp)?;
            let request = Request::new(&operation.node, &document.fragments, variables, secret);
            let plan = plans.find(name, &request, compile)?;
            direct::<Query>(&plan, &request, view).map_err(|Bail| Unanswered::GaveUp)
        })
    }

    /// Whether the schema is known to allow it with variables of this shape.
    pub fn allows(&self, shape: u64) -> bool {
        self.shapes.lock().unwrap_or_else(PoisonError::into_inner).contains(&shape)
    }

    /// Notes that the schema allows it with variables of this shape.
    pub fn allow(&self, shape: u64) {
        let mut shapes = self.shapes.lock().unwrap_or_else(PoisonError::into_inner);
        if shapes.len() >= SHAPES {
            shapes.clear();
        }
        shapes.insert(shape);
    }
}

/// The operation that is to run.
///
/// # Errors
/// `OPERATION_NOT_FOUND`.
pub fn operation<'d>(
    document: &'d ExecutableDocument,
    name: Option<&str>,
) -> Result<&'d Positioned<OperationDefinition>, Fault> {
    let missing = || {
        Fault::new(
            ErrorCode::OperationNotFound,
            "Name the operation that is to run with `operationName`: the document has none of that name, or several.",
            "请用 operationName 指定要执行的操作：查询中没有该操作，或有多个操作。",
        )
    };
    match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Ok(operation),
        (DocumentOperations::Multiple(all), Some(name)) => all.get(name).ok_or_else(missing),
        (DocumentOperations::Multiple(all), None) if all.len() == 1 => {
            all.values().next().ok_or_else(missing)
        }
        _ => Err(missing()),
    }
}

/// The shape of variables: what validation looks at. The library's looks at values too, so a document that was validated with some
/// is not with all.
pub fn shape(operation: &OperationDefinition, variables: &Variables) -> u64 {
    let mut hasher = FxHasher::default();
    for definition in &operation.variable_definitions {
        let mut ty = &definition.node.var_type.node.base;
        while let BaseType::List(inner) = ty {
            ty = &inner.base;
        }
        let BaseType::Named(name) = ty else { continue };
        let by_kind = SCALARS.contains(&name.as_str());
        definition.node.name.node.hash(&mut hasher);
        match variables.get(&definition.node.name.node) {
            None => 0_u8.hash(&mut hasher),
            Some(value) => form(value, by_kind, &mut hasher),
        }
    }
    hasher.finish()
}

fn form(value: &Value, by_kind: bool, hasher: &mut FxHasher) {
    std::mem::discriminant(value).hash(hasher);
    match value {
        Value::List(items) => {
            items.len().hash(hasher);
            items.iter().for_each(|item| form(item, by_kind, hasher));
        }
        Value::Number(number) if by_kind => {
            number.as_i64().is_some_and(|n| i32::try_from(n).is_ok()).hash(hasher);
        }
        Value::Object(_) | Value::Number(_) | Value::String(_) | Value::Enum(_) if !by_kind => {
            value.to_string().hash(hasher);
        }
        _ => {}
    }
}

/// What a token of a document takes in memory once it is parsed, at most about so many bytes.
const TOKEN: u64 = 400;
/// What any document takes, and the shapes of its variables.
const DOCUMENT: u64 = 4_096;
/// What all documents together may take.
const CAPACITY: u64 = 64 << 20;
/// What a typical document takes; only sizes the table of the cache.
const TYPICAL: u64 = 16 << 10;

#[derive(Clone)]
struct Size;

impl Weighter<String, Arc<Known>> for Size {
    fn weight(&self, text: &String, known: &Arc<Known>) -> u64 {
        DOCUMENT
            + text.len() as u64
            + known.measure.tokens as u64 * TOKEN
            + room(&known.measure) as u64 * PART
    }
}

/// The documents that were answered lately, bounded by their size in memory.
pub struct Documents(Cache<String, Arc<Known>, Size>);

impl Documents {
    /// No documents.
    #[must_use]
    pub fn new() -> Self {
        let items = usize::try_from(CAPACITY / TYPICAL).unwrap_or(4_096);
        Self(Cache::with_weighter(items, CAPACITY, Size))
    }

    /// The document with this text.
    pub fn get(&self, text: &str) -> Option<Arc<Known>> {
        self.0.get(text)
    }

    /// Keeps a document that was validated.
    pub fn keep(&self, text: String, known: Arc<Known>) {
        self.0.insert(text, known);
    }
}
