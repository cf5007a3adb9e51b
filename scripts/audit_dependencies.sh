#!/usr/bin/env bash
# Known vulnerabilities in the product's locked dependencies. Without a network it says so and lets the tests go on:
# they must not depend on an outside service.
set -uo pipefail
out=$(.venv/bin/pip-audit --require-hashes --disable-pip -r requirements.lock --progress-spinner off 2>&1)
code=$?
if [ $code -ne 0 ] && ! grep -qE 'Found [0-9]+ known vulnerabilit' <<<"$out"; then
  echo "▸ dependency audit: the advisory service cannot be reached; skipped"
  exit 0
fi
echo "$out"
exit $code
