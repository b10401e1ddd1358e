//! Documents that were parsed, measured and validated before. Nothing here depends on a viewer: only the text decides.

use super::gate::Measure;
use async_graphql::parser::types::ExecutableDocument;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use std::sync::Arc;

/// A document that the schema allows.
pub struct Known {
    /// The document.
    pub document: ExecutableDocument,
    /// How large it is.
    pub measure: Measure,
}

/// What a token of a document takes in memory once it is parsed, at most about so many bytes.
const TOKEN: u64 = 160;
/// What all documents together may take.
const CAPACITY: u64 = 64 << 20;
/// What a typical document takes; only sizes the table of the cache.
const TYPICAL: u64 = 16 << 10;

#[derive(Clone)]
struct Size;

impl Weighter<String, Arc<Known>> for Size {
    fn weight(&self, text: &String, known: &Arc<Known>) -> u64 {
        text.len() as u64 + known.measure.tokens as u64 * TOKEN
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

    /// How many bytes the documents take.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.0.weight()
    }
}
