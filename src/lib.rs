//! Tiaokuai (条块): the organisational structure of China's townships as one graph. The rooms in reading order.

pub mod data;
pub mod domain;
pub mod generate;
pub mod graph;
pub mod policy;
pub mod snapshot;
pub mod store;
