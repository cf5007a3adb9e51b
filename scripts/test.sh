#!/usr/bin/env bash
# All tests but the long forms, in two halves side by side: what drives whole processes and the engine waits a lot, the rest
# computes. A test that failed has failed: nothing is asked a second time.
set -uo pipefail
cd "$(dirname "$0")/.."

declare -A halves=(
  [processes]="tests/attacks tests/e2e tests/dialogue tests/integration/engine tests/integration/jobs"
  [parts]="tests/unit tests/integration --ignore=tests/integration/engine --ignore=tests/integration/jobs"
)
logs=.build/tests
mkdir -p "$logs"
set -m # the half in the background can be interrupted too, and then stops what it started

half() { # name, then more arguments of pytest
  local name=$1
  shift
  # shellcheck disable=SC2086  # a list of folders
  .venv/bin/python -m pytest -m "not soak" -o cache_dir="$logs/cache-$name" "$@" ${halves[$name]}
}

half processes >"$logs/processes.log" 2>&1 &
beside=$!
trap 'kill -INT -- "-$beside" 2>/dev/null; wait "$beside"' EXIT
[ "$(nproc)" -gt 1 ] || wait "$beside"
half parts
parts=$?
[ "$parts" -le 1 ] || exit "$parts" # interrupted, or the tests cannot even be read
wait "$beside"
processes=$?
cat "$logs/processes.log"

[ "$parts" -eq 0 ] && [ "$processes" -eq 0 ]
