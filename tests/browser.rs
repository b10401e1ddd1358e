//! GraphiQL in a real browser: a query is answered, and nothing is asked of another host.

use crate::harness::{BACKENDS, server, token};
use std::path::Path;
use std::process::Command;

#[test]
fn graphiql_runs_a_query_and_asks_no_other_host() {
    let client = server(BACKENDS[0]);
    let web = Path::new(env!("CARGO_MANIFEST_DIR")).join("web");
    assert!(
        web.join("node_modules/playwright-core").exists(),
        "run `make web` first: the browser test needs its packages"
    );
    assert_eq!(
        client.get("/graphiql", &[]).status,
        200,
        "run `make web`, then build again: GraphiQL is not embedded"
    );
    let done = Command::new("node")
        .arg("test/graphiql.mjs")
        .arg(&client.origin)
        .arg(token("ESTABLISHMENT_DIRECTOR", None, None))
        .current_dir(&web)
        .output()
        .unwrap_or_else(|e| panic!("node: {e}; install it with: apt-get install -y nodejs npm"));
    let said = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "{said}");
}
