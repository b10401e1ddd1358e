//! Registers in memory, built from rows and asked without a server: for tests with many random registers.

use super::block_on;
use async_graphql::Variables;
use async_graphql::parser::parse_query;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::RngCore;
use serde_json::Value;
use std::sync::Arc;
use tiaokuai::domain::{Day, Locale};
use tiaokuai::graph::engine::{Bail, Bytes, CursorKey, Plan, Planted, Request, bind, direct, json};
use tiaokuai::graph::{Query, TiaokuaiSchema};
use tiaokuai::policy::{Meter, View, Viewer};
use tiaokuai::snapshot::Snapshot;
use tiaokuai::store::{Rows, State};

/// The secret of the ids of all these registers.
pub const SECRET: [u8; 16] = [3; 16];

/// The seed and the number of cases, from SEED and CASES; printed, so that they can be replayed.
pub fn seeds(cases: u64) -> (u64, u64) {
    let given = |name: &str| std::env::var(name).ok().and_then(|s| s.parse().ok());
    let (seed, cases) = (given("SEED").unwrap_or(20_261_121), given("CASES").unwrap_or(cases));
    println!("seed {seed}, {cases} cases; replay with SEED={seed} CASES={cases}");
    (seed, cases)
}

/// A place in a list.
pub fn pick<T>(rng: &mut ChaCha8Rng, from: &[T]) -> usize {
    rng.next_u32() as usize % from.len()
}

/// Two provinces with all that hangs on them, one of them fictional.
pub fn world() -> Rows {
    let names = tiaokuai::data::names();
    let keep = |shard: i32| matches!(shard / 10_000, 99 | 51);
    let mut rows = tiaokuai::generate::demo(&names);
    macro_rules! cut { ($($table:ident),*) => { $(rows.$table.retain(|r| keep(r.shard));)* } }
    cut!(document, organization, organization_version, competent_department, establishment);
    cut!(leadership_post, person, appointment, reform, organization_change, organization_change_party);
    cut!(setting_pattern, setting_slot, pattern_assignment, division_trait);
    log(&mut rows);
    for (code, name) in names.into_iter().filter(|(c, _)| keep(c.shard().cast_signed())) {
        rows.add_division(code, &name);
    }
    rows
}

/// Notes something of every fifth body in the log of its county: renamed, and given posts.
fn log(rows: &mut Rows) {
    let bodies: Vec<_> = rows.organization.iter().step_by(5).map(|body| (body.id, body.shard)).collect();
    for (revision, (body, shard)) in (2..).zip(bodies) {
        let row = |name: &str| serde_json::json!({ "organization_id": body, "version": 1, "name": name });
        let number = |approved: i64| serde_json::json!({ "organization_id": body, "kind": "ADMINISTRATIVE", "version": 1, "approved": approved });
        let records = serde_json::json!([
            { "table": "organization_version", "before": row("旧名"), "after": row("新名") },
            { "table": "establishment", "before": number(1), "after": number(revision) },
        ]);
        rows.log.push(tiaokuai::store::entity::change::Model {
            revision,
            ordinal: 1,
            shard,
            at: format!("2026-11-{:02}T00:00:00Z", revision % 28 + 1),
            principal: "示例经办".to_owned(),
            role: "ESTABLISHMENT_DIRECTOR".to_owned(),
            act: "ORGANIZATION_RENAME".to_owned(),
            document_id: None,
            request: "r".to_owned(),
            records: records.to_string(),
            previous: String::new(),
            hash: String::new(),
            reverses: None,
        });
    }
}

/// What the library's executor says.
pub struct Ordinary {
    pub data: async_graphql::Value,
    pub errors: Vec<async_graphql::ServerError>,
    pub masked: Vec<String>,
}

/// A register in memory with its schema.
pub struct Register<'s> {
    schema: &'s TiaokuaiSchema,
    snapshot: Arc<Snapshot>,
    /// How many steps a request may take at the direct level, and at the level of the library without `ask`.
    pub budget: u64,
}

impl<'s> Register<'s> {
    pub fn build(schema: &'s TiaokuaiSchema, rows: Rows) -> Self {
        let state = State { revision: 1, synthetic: true, secret: SECRET };
        let snapshot = Snapshot::build(state, rows).unwrap_or_else(|e| panic!("{}", e.0));
        Self { schema, snapshot: Arc::new(snapshot), budget: u64::MAX }
    }

    /// The ordinary level: data, errors, and what was masked.
    pub fn ordinary(&self, viewer: &Viewer, day: Option<Day>, query: &str, variables: &Value) -> Ordinary {
        let (done, view) = self.execute(viewer, day, query, variables, None);
        Ordinary { data: done.data, errors: done.errors, masked: view.meter().masked() }
    }

    /// The bytes level: the data as text, nothing when it gave up.
    pub fn bytes(
        &self,
        viewer: &Viewer,
        day: Option<Day>,
        query: &str,
        variables: &Value,
    ) -> (Option<String>, Vec<String>) {
        let bytes = Arc::new(Bytes::default());
        let (done, view) = self.execute(viewer, day, query, variables, Some(bytes.clone()));
        let mut text = Vec::new();
        json(&done.data, &mut text);
        let text = (!bytes.gave_up() && done.errors.is_empty()).then(|| String::from_utf8(text).unwrap());
        (text, view.meter().masked())
    }

    /// The direct level: the data as text, or that it gave up; nothing for what cannot even be bound.
    pub fn direct(
        &self,
        viewer: &Viewer,
        day: Option<Day>,
        query: &str,
        variables: &Value,
        planted: Option<Planted>,
    ) -> Option<Result<(String, Vec<String>), Bail>> {
        let document = parse_query(query).unwrap_or_else(|e| panic!("{e}\n{query}"));
        let (_, operation) = document.operations.iter().next().unwrap();
        let variables = bind(&operation.node, Variables::from_json(variables.clone())).ok()?;
        let secret = CursorKey([1; 32]);
        let with = |variables| {
            Request::new(&operation.node, &document.fragments, variables, &secret).with_fault(planted)
        };
        let request = with(&variables);
        let truths = variables.iter().filter(|(_, value)| matches!(value, async_graphql::Value::Boolean(_)));
        let mut others = Variables::default();
        truths.for_each(|(name, value)| drop(others.insert(name.clone(), value.clone())));
        // The plan may come from a request with other variables, if only the same of them are true.
        let first = Some(with(&others)).filter(|first| first.variation() == request.variation());
        let plan = match first {
            Some(first) => Plan::to_keep::<Query>(&first, 100).map(|(plan, _)| plan),
            None => Plan::new::<Query>(&request),
        };
        let view = self.view(viewer, day);
        let done = plan.and_then(|plan| direct::<Query>(&plan, &request, &view));
        Some(done.map(|bytes| {
            let text = String::from_utf8(bytes).unwrap();
            (text.strip_prefix("{\"data\":").unwrap().to_owned(), view.meter().masked())
        }))
    }

    fn view(&self, viewer: &Viewer, day: Option<Day>) -> View {
        let meter = Arc::new(Meter::new(self.budget));
        View::new(self.snapshot.clone(), Arc::new(viewer.clone()), meter, Locale::En).dated(day)
    }

    fn execute(
        &self,
        viewer: &Viewer,
        day: Option<Day>,
        query: &str,
        variables: &Value,
        bytes: Option<Arc<Bytes>>,
    ) -> (async_graphql::Response, Arc<View>) {
        let document = parse_query(query).unwrap_or_else(|e| panic!("{e}\n{query}"));
        let given = Variables::from_json(variables.clone());
        let operation = document.operations.iter().next().unwrap().1.clone();
        let bound = bind(&operation.node, given.clone()).unwrap_or(given);
        let view = Arc::new(self.view(viewer, day));
        let mut request =
            async_graphql::Request::new("").variables(bound).data(view.clone()).data(CursorKey([1; 32]));
        request.set_parsed_query(document);
        if let Some(bytes) = bytes {
            request = request.data(bytes);
        }
        (block_on(self.schema.execute(request)), view)
    }

    /// Asks as a viewer: the answer, the masked fields, and the steps that it took.
    pub fn ask(
        &self,
        viewer: &Viewer,
        query: &str,
        variables: serde_json::Value,
    ) -> (async_graphql::Response, Vec<String>, u64) {
        let meter = Arc::new(Meter::new(u64::MAX));
        let view = View::new(self.snapshot.clone(), Arc::new(viewer.clone()), meter.clone(), Locale::En);
        let request = async_graphql::Request::new(query)
            .variables(async_graphql::Variables::from_json(variables))
            .data(Arc::new(view))
            .data(CursorKey([1; 32]));
        let done = block_on(self.schema.execute(request));
        (done, meter.masked(), meter.spent())
    }
}
