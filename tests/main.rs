//! Black-box tests, one binary. Every random test prints its seed; golden files are made again with `make golden`.
#![allow(clippy::unwrap_used, clippy::unwrap_in_result, reason = "a test that cannot go on panics")]

mod acts;
mod appointing;
mod attack;
mod bad_input;
mod changes;
mod command_line;
mod contract;
mod differential;
mod documents;
mod drafts;
mod durable;
mod figures;
mod harness;
mod histories;
mod house;
mod http;
mod known;
mod lists;
mod load;
mod matrix;
mod model;
mod mutations;
mod nation;
mod noninterference;
mod oracle;
mod outages;
mod outside;
mod paging;
mod random;
mod refetch;
mod reform;
mod refresh;
mod search;
mod subscribers;
mod tokens;
