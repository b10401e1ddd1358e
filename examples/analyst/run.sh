#!/bin/sh
# Usage: run.sh ORIGIN TOKEN
set -eu
cd "$(dirname "$0")"
origin=$1 token=$2
[ -x .venv/bin/python ] || python3 -m venv .venv
.venv/bin/python -c 'import duckdb, matplotlib, pandas' 2>/dev/null || .venv/bin/pip install --quiet -r requirements.txt
.venv/bin/python report.py "$origin" "$token"

auth="Authorization: Bearer $token"
curl -sS --fail-with-body -H "$auth" "$origin/v1/reports/township-summary.parquet?within=990101" -o out/summary.parquet
curl -sS --fail-with-body -H "$auth" -H 'Content-Type: application/json' "$origin/v1/lists.parquet" -o out/agencies.parquet \
  -d '{"query": "{ secondedAgencies(within: \"990101\") { nodes { name managementMode township { divisionCode } } } }"}'
.venv/bin/python - <<'PYTHON'
import duckdb
for statement in duckdb.extract_statements(open("report.sql", encoding="utf-8").read()):
    result = duckdb.execute(statement)
    rows = result.fetchall() if result.description else []
for row in rows:
    print(*row, sep="\t")
PYTHON
