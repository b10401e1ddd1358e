//! Other people's tools on a running server: audits, clients, compilers, linters, a fuzzer, and the example page in a browser.

use crate::harness::{BACKENDS, Backend, own_server, server, token};
use std::path::Path;
use std::process::Command;

/// Runs a program in a directory of the repository; what it says is the reason when it fails.
fn run(directory: &str, program: &str, arguments: &[&str], advice: &str) {
    let at = Path::new(env!("CARGO_MANIFEST_DIR")).join(directory);
    let done = Command::new(program)
        .args(arguments)
        .current_dir(&at)
        .output()
        .unwrap_or_else(|e| panic!("{program} in {directory}: {e}; {advice}"));
    let said = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    println!("{said}");
    assert!(done.status.success(), "{program} {} in {directory}:\n{said}", arguments[0]);
}

fn node(directory: &str, script: &str, origin: &str, token: &str) {
    let installed = Path::new(env!("CARGO_MANIFEST_DIR")).join(directory).join("node_modules");
    assert!(installed.exists(), "run `make packages` first: {script} needs its packages");
    let advice = "install it with: apt-get install -y nodejs npm";
    let arguments: Vec<&str> = [script, origin, token].into_iter().filter(|a| !a.is_empty()).collect();
    run(directory, "node", &arguments, advice);
}

fn director() -> String {
    token("ESTABLISHMENT_DIRECTOR", None, None)
}

#[test]
fn graphql_over_http_passes_all_audits() {
    for backend in BACKENDS {
        node("tests/clients", "audit.mjs", &server(backend).origin, "");
    }
}

#[test]
fn urql_apollo_codegen_and_inspector_work() {
    let origin = server(Backend::Postgres).origin;
    node("tests/clients", "clients.mjs", &origin, &director());
    node("tests/clients", "clients.mjs", &origin, "");
}

#[test]
fn graphql_ws_and_graphql_sse_are_told_of_changes() {
    let ending = tiaokuai::auth::GrantClaim { role: "ANALYST".to_owned(), scope: None, line: None };
    // Clocks may differ by half a minute: it ends in three seconds.
    let claims = tiaokuai::auth::Claims::new("ending", vec![ending], -28);
    let ending = tiaokuai::auth::sign(&crate::harness::key(), &claims).unwrap();
    let origin = own_server(Backend::Sqlite, "sockets").origin;
    run(
        "tests/clients",
        "node",
        &["sockets.mjs", &origin, &director(), &ending],
        "run `make packages` first",
    );
}

#[test]
fn relay_compiles_and_walks_every_list() {
    node("tests/clients", "relay.mjs", &server(Backend::Sqlite).origin, &director());
}

#[test]
fn the_contract_is_linted() {
    node("tests/clients", "lint.mjs", &server(Backend::Sqlite).origin, "");
}

#[test]
fn the_example_front_end_works_in_a_browser() {
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/frontend/dist/index.html");
    assert!(built.exists(), "run `make packages` first: the example is not built");
    node("examples/frontend", "test/page.mjs", &server(Backend::Sqlite).origin, &director());
}

#[test]
fn graphiql_runs_a_query_and_asks_no_other_host() {
    let client = server(Backend::Sqlite);
    let served = client.get("/graphiql", &[]).status;
    assert_eq!(served, 200, "run `make web`, then build again: GraphiQL is not embedded");
    node("web", "test/graphiql.mjs", &client.origin, &director());
}

#[test]
fn the_analyst_s_example_runs_in_pandas_and_duckdb() {
    let advice = "it needs curl and Python 3.11 with venv: apt-get install -y curl python3 python3-venv";
    run("examples/analyst", "./run.sh", &[&server(Backend::Sqlite).origin, &director()], advice);
    let out = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/analyst/out");
    assert!(std::fs::read(out.join("establishment.png")).unwrap().starts_with(b"\x89PNG"));
    let own = std::fs::read_to_string(out.join("own.csv")).unwrap();
    assert!(own.lines().count() == 7 && own.contains("东港市"), "{own}");
}

#[test]
fn a_fuzzer_finds_no_fault_of_the_server() {
    let advice =
        "tests/fuzz/run.sh needs bash and Python 3.11 with venv: apt-get install -y python3 python3-venv";
    // On servers of their own: whatever it makes up may change something.
    for (backend, token) in [(Backend::Sqlite, String::new()), (Backend::Postgres, director())] {
        run(
            "tests/fuzz",
            "./run.sh",
            &[&own_server(backend, "fuzz").origin, &token, "40", "20261122"],
            advice,
        );
    }
}
