//! The parts of a read by themselves: compile a known document, write its answer, filter a list, search. One prefecture of the
//! national register, in this process.
#![allow(missing_docs, reason = "the macro of the library writes a function")]

use async_graphql::Variables;
use async_graphql::parser::parse_query;
use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use std::sync::Arc;
use tiaokuai::domain::{DivisionCode, Locale, Role};
use tiaokuai::generate::{Nation, Wish};
use tiaokuai::graph::Query;
use tiaokuai::graph::engine::{CursorKey, Plan, Request, direct};
use tiaokuai::policy::{Grant, Meter, Scope, View, Viewer};
use tiaokuai::snapshot::{Shard, Snapshot};
use tiaokuai::store::{Rows, State};

const TOWNSHIP: &str = "{ township(code: \"210681101\") { id name type divisionCode internalOffices { totalCount nodes { id name rank
    leadershipPosts { nodes { title quota incumbents { person { name } } } } } } } }";
const Q1: &str = "{ township(code: \"210681101\") { id name type typeLabel rank divisionCode division { id name code parent { name code } } establishment { approved occupied vacant over state } leadershipPosts { nodes { title level organ position isVacant incumbents { validFrom person { name } } } } internalOffices { totalCount nodes { id name rank category slot leadershipPosts { nodes { title quota incumbents { person { name } } } } } } publicInstitutions { nodes { name class establishment { approved occupied vacant } leadershipPosts { nodes { title incumbents { person { name } } } } } } secondedAgencies { nodes { name agencyKind managementMode competentDepartments { name } } } } }";
const SMALL: &str = "{ township(code: \"210681101\") { id name divisionCode } }";
const FILTER: &str = "{ leadershipPosts(within: \"2106\", where: {isVacant: {eq: true}, title: {contains: \"主任\"}}, first: 100) { totalCount } }";
const SEARCH: &str = "{ search(text: \"gushan\", within: \"2106\") { nodes { __typename } totalCount } }";

fn snapshot() -> Arc<Snapshot> {
    let wish = Wish { seed: 1, within: DivisionCode::parse("2106"), findings: 0.0 };
    let mut all = Rows::default();
    let names = tiaokuai::data::names();
    let inside = DivisionCode::parse("21").expect("a code").range();
    names.iter().filter(|(c, _)| inside.contains(*c)).for_each(|(c, name)| all.add_division(*c, name));
    Nation::new(wish, names).for_each(|rows| all.append(rows));
    let shards = all.split().into_iter().map(|(code, rows)| Shard::build(code.cast_unsigned(), rows));
    let state = State { revision: 1, ..State::default() };
    Arc::new(Snapshot::of(state, shards.collect::<Result<_, _>>().unwrap_or_else(|e| panic!("{}", e.0))))
}

fn bench(criterion: &mut Criterion) {
    let snapshot = snapshot();
    let grant = Grant { role: Role::EstablishmentDirector, scope: Scope::default() };
    let viewer = Arc::new(Viewer { subject: Some("bench".into()), grants: vec![grant] });
    let view = || View::new(snapshot.clone(), viewer.clone(), Arc::new(Meter::new(u64::MAX)), Locale::En);
    let (variables, secret) = (Variables::default(), CursorKey([1; 32]));
    let parse = |text: &str| parse_query(text).expect("a document");
    for (name, text) in [("small page", SMALL), ("township page", TOWNSHIP)] {
        let document = parse(text);
        let operation = &document.operations.iter().next().expect("an operation").1.node;
        criterion.bench_function(&format!("compile a {name}"), |b| {
            b.iter(|| {
                let request = Request::new(operation, &document.fragments, &variables, &secret);
                black_box(Plan::new::<Query>(&request)).is_ok()
            });
        });
    }
    for (name, text) in [
        ("write a township page", TOWNSHIP),
        ("write Q1", Q1),
        ("filter 3,000 posts", FILTER),
        ("search a prefecture", SEARCH),
    ] {
        let document = parse(text);
        let operation = &document.operations.iter().next().expect("an operation").1.node;
        let request = Request::new(operation, &document.fragments, &variables, &secret);
        let plan = Plan::new::<Query>(&request).unwrap_or_else(|_| panic!("{text}"));
        criterion.bench_function(name, |b| {
            b.iter(|| {
                let request = Request::new(operation, &document.fragments, &variables, &secret);
                black_box(direct::<Query>(&plan, &request, &view()).expect("an answer").len())
            });
        });
    }
}

criterion_group!(benches, bench);
criterion_main!(benches);
