#!/usr/bin/env bash
# All tests but the long forms, in three lanes side by side: what drives browsers and whole processes, and what drives the
# engine and the clocks, waits a lot; the rest computes. A test that failed has failed: nothing is asked a second time.
set -uo pipefail
cd "$(dirname "$0")/.."

declare -A lanes=(
  [processes]="tests/e2e tests/integration/console"
  [engine]="tests/dialogue tests/integration/engine tests/integration/jobs tests/integration/services"
  [rest]="tests" # a folder that is new is run here
)
for folder in ${lanes[processes]} ${lanes[engine]}; do lanes[rest]+=" --ignore=$folder"; done
logs=.build/tests
mkdir -p "$logs"
set -m # what runs in the background can be interrupted too, and then stops what it started

lane() { # name
  # shellcheck disable=SC2086  # a list of folders
  .venv/bin/python -m pytest -m "not soak" -o cache_dir="$logs/cache-$1" ${lanes[$1]}
}

beside=()
for name in processes engine; do
  lane "$name" >"$logs/$name.log" 2>&1 &
  beside+=("$!")
  [ "$(nproc)" -gt 1 ] || wait "$!"
done
trap 'for one in "${beside[@]}"; do kill -INT -- "-$one" 2>/dev/null; done; wait' EXIT
lane rest
failed=$?
[ "$failed" -le 1 ] || exit "$failed" # interrupted, or the tests cannot even be read
for one in "${beside[@]}"; do
  wait "$one" || failed=1
done
cat "$logs/processes.log" "$logs/engine.log"
exit "$failed"
