#!/usr/bin/env bash
# What the tests need beside the product's Python: a Telegram test server in a Python environment of its own, axe, and Chromium,
# PostgreSQL and nginx, through apt where that is possible, else with a clear message.
set -euo pipefail
cd "$(dirname "$0")/.."

telegram_server() {
  local folder=.tools/telemelya lock=tests/support/telemelya.lock uv
  cmp -s "$lock" "$folder/.lock" && return
  echo "▸ setting up the Telegram test server"
  uv=$(bash scripts/setup.sh uv)
  "$uv" venv -q --clear --python .venv/bin/python "$folder"
  VIRTUAL_ENV="$PWD/$folder" "$uv" pip install -q --no-deps -r "$lock"
  cp "$lock" "$folder/.lock"
}
axe() { # what looks for hindrances in pages
  local folder=.tools/axe lock=tests/support/axe.lock uv
  cmp -s "$lock" "$folder/.lock" && return
  echo "▸ setting up axe"
  uv=$(bash scripts/setup.sh uv)
  rm -rf "$folder"
  "$uv" pip install -q --no-deps --require-hashes --python .venv/bin/python --target "$folder" -r "$lock"
  cp "$lock" "$folder/.lock"
}
telegram_server
axe
missing=()
command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 || missing+=(chromium)
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1 || missing+=(postgresql)
command -v nginx >/dev/null 2>&1 || [ -x /usr/sbin/nginx ] || missing+=(nginx-light)
[ ${#missing[@]} -eq 0 ] && exit 0
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  echo "▸ installing ${missing[*]}"
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  exit 0
fi
echo "✗ the tests need: ${missing[*]}. On Debian or Ubuntu: sudo apt-get install ${missing[*]}" >&2
exit 1
