//! The graph: one file a noun.

pub mod engine;
