# Everything there is to remember. `make run` and `make test` do all the set-up on a fresh clone.

CARGO ?= cargo
WEB := web/dist/index.html.gz
CLIENTS := tests/clients/node_modules/.package-lock.json
EXAMPLE := examples/frontend/dist/index.html
EXAMPLE_SOURCES := $(wildcard examples/frontend/src/*.* examples/frontend/*.json examples/frontend/*.ts examples/frontend/*.html)
WEB_SOURCES := $(wildcard web/src/* web/queries/* web/*.json web/*.ts web/*.mjs web/index.html)

.PHONY: run test bench soak memcheck web packages schema schema-diff golden generate fmt lint clean check-tools check-test-tools

## Build, fill an SQLite file, and serve on http://127.0.0.1:8000 with tokens for three roles.
run: check-tools web
	$(CARGO) run --release --locked -- serve --demo

## All tests: Rust on SQLite and PostgreSQL, then other people's tools (audits, clients, linters, a fuzzer, Chromium) on a server.
test: check-tools check-test-tools web packages
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings
	$(CARGO) test --workspace --locked -- --skip outside::
	$(CARGO) test --locked --test all -- outside::

## The web application, which the binary embeds.
web: $(WEB)

$(WEB): $(WEB_SOURCES)
	cd web && npm ci --no-audit --no-fund && npm run build
	@touch $(WEB)

## What the tests need from npm: clients and linters, and the example front end, built.
packages: $(CLIENTS) $(EXAMPLE)

$(CLIENTS): tests/clients/package-lock.json
	cd tests/clients && npm ci --no-audit --no-fund --loglevel=error

$(EXAMPLE): $(EXAMPLE_SOURCES) schema.graphql
	cd examples/frontend && npm ci --no-audit --no-fund --loglevel=error && npm run build
	@touch $(EXAMPLE)

## What changed in the contract since the last release (docs/contract); fails when something breaks clients.
schema-diff: $(CLIENTS)
	node tests/clients/diff.mjs

## The contract, and the golden files; review the diff.
golden schema: web
	UPDATE_GOLDEN=1 $(CARGO) test --locked --test all -- contract::schema_graphql_is_current matrix::the_policy_is_the_golden_matrix

## The demonstration data.
generate: web
	$(CARGO) run --locked -- generate demo

fmt:
	$(CARGO) fmt --all

lint:
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings

clean:
	$(CARGO) clean
	rm -rf web/dist web/node_modules tests/clients/node_modules examples/frontend/dist examples/frontend/node_modules

check-tools:
	@scripts/check-tools cargo cc npm

check-test-tools:
	@scripts/check-tools postgres chromium setpriv python libreoffice curl

## Speed: our server with the nation in memory beside constant bytes, then the parts of a read. See docs/performance.md.
bench: web
	$(CARGO) bench --locked --bench load
	$(if $(ONLY),,$(CARGO) bench --locked --bench engine)

## What takes long, with the binary of the tests: 200,000 random documents at every level, long runs of the other random tests, servers killed 200 times.
soak: web
	CASES=200000 $(CARGO) test --locked --test all -- differential::all_levels --nocapture
	CASES=1000 $(CARGO) test --locked --test all -- lists:: noninterference:: reports_policy:: --nocapture
	CASES=2000 $(CARGO) test --locked --test all -- model:: histories:: --nocapture
	CASES=100000 $(CARGO) test --locked --test all -- reports_random:: --nocapture
	ROUNDS=200 PAIRS=5000 CUT=50000 $(CARGO) test --locked --test all -- durable:: subscribers:: --nocapture

## The unit tests of the engine and the snapshot under valgrind, which notices what miri would: reads and writes outside of memory.
memcheck: web
	$(CARGO) test --locked --lib --config 'target."cfg(all())".runner = ["valgrind", "-q", "--error-exitcode=9"]' -- engine:: snapshot::
