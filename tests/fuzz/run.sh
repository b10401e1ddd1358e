#!/usr/bin/env bash
# Fuzzes a running server: schemathesis makes questions of the schema, and no answer may be the server's fault.
# Usage: tests/fuzz/run.sh ORIGIN [TOKEN] [EXAMPLES] [SEED]; TOKEN may be "" for the public
#   ORIGIN    such as http://127.0.0.1:8000
#   EXAMPLES  questions for each field of Query, 60 when absent: half a minute
#   SEED      1 when absent; the same seed asks the same questions of the same register
# Its Python packages are kept in TIAOKUAI_VENV (an absolute path), target/fuzz-venv when that is not set.
set -euo pipefail
cd "$(dirname "$0")"
origin=${1:?usage: run.sh ORIGIN [TOKEN] [EXAMPLES] [SEED]}
token=${2:-}
examples=${3:-60}
seed=${4:-1}
venv=${TIAOKUAI_VENV:-../../target/fuzz-venv}

if ! cmp -s requirements.txt "$venv/requirements.txt"; then
  python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || {
    echo "Python 3.11 or newer is needed. Install it with: apt-get install -y python3 python3-venv" >&2
    exit 2
  }
  python3 -c 'import venv, ensurepip' 2>/dev/null || {
    echo "Python's venv is needed. Install it with: apt-get install -y python3-venv" >&2
    exit 2
  }
  if [ -e "$venv" ] && [ ! -e "$venv/pyvenv.cfg" ]; then
    echo "$venv is something else than a venv: name another place in TIAOKUAI_VENV" >&2
    exit 2
  fi
  python3 -m venv --clear "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement requirements.txt
  cp requirements.txt "$venv/requirements.txt" # last: only a venv that is complete has it
fi

export PYTHONDONTWRITEBYTECODE=1 SCHEMATHESIS_HOOKS=$PWD/hooks.py TIAOKUAI_ORIGIN=$origin TIAOKUAI_TOKEN=$token
schemathesis=$(realpath "$venv")/bin/schemathesis
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" # what schemathesis writes beside itself goes there

arguments=(
  run "$origin/graphql"
  --checks not_a_server_error,response_schema_conformance,answer_in_order
  --max-examples "$examples" --seed "$seed" --generation-database none --workers 1
  --continue-on-failure --request-timeout 20 --request-retries 0 --suppress-health-check all --no-color
)
[ -n "$token" ] && arguments+=(--header "authorization: Bearer $token")
"$schemathesis" "${arguments[@]}"
