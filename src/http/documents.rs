//! Documents that were parsed, measured and validated before. Nothing here depends on a viewer: only the text decides.

use super::gate::Measure;
use async_graphql::parser::types::{BaseType, ExecutableDocument, OperationDefinition};
use async_graphql::{Value, Variables};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use rustc_hash::{FxHashSet, FxHasher};
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

/// A document that the schema allows.
pub struct Known {
    /// The document.
    pub document: ExecutableDocument,
    /// How large it is.
    pub measure: Measure,
    /// Shapes of variables that the schema allows with it.
    shapes: Mutex<FxHashSet<u64>>,
}

/// The most shapes of variables that are kept with a document.
const SHAPES: usize = 256;
/// Types whose values are told apart by their kind alone; of all others, enums and inputs, the value itself counts.
const SCALARS: &[&str] =
    &["Int", "Float", "String", "Boolean", "ID", "Date", "DateTime", "DivisionCode", "CreditCode"];

impl Known {
    /// A document that is to be validated.
    #[must_use]
    pub fn new(document: ExecutableDocument, measure: Measure) -> Self {
        Self { document, measure, shapes: Mutex::default() }
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
        DOCUMENT + text.len() as u64 + known.measure.tokens as u64 * TOKEN
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
