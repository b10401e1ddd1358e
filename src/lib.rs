//! Tiaokuai (条块): the organisational structure of China's townships as one graph.
//!
//! The rooms in reading order. Control goes one way: http → auth | graph → report → policy → snapshot → store.

pub mod act;
pub mod auth;
pub mod data;
pub mod domain;
pub mod generate;
pub mod graph;
pub mod http;
pub mod policy;
pub mod report;
pub mod sheet;
pub mod snapshot;
pub mod store;
