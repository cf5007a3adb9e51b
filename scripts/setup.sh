#!/usr/bin/env bash
# Prepares one Python environment from its lock file. Usage: setup.sh uv | product | engine
# Idempotent; each environment carries a stamp of the lock file it was made from.
set -euo pipefail
cd "$(dirname "$0")/.."
say() { printf '\033[1m▸ %s\033[0m\n' "$*"; }
fail() { printf '\033[31m✗ %s\033[0m\n' "$*" >&2; exit 1; }

UV_VERSION=0.13.9

find_uv() {
  if [ -x .tools/bin/uv ]; then echo "$PWD/.tools/bin/uv"; return; fi
  # A pyenv shim may be on PATH and still refuse to run here, so it is asked, not trusted.
  if command -v uv >/dev/null 2>&1 && uv --version >/dev/null 2>&1; then command -v uv; return; fi
  local python
  for python in python3.12 python3.13 python3 python; do
    if command -v "$python" >/dev/null 2>&1 && "$python" -c 'import venv, ensurepip' >/dev/null 2>&1; then
      say "installing uv" >&2
      "$python" -m venv .tools >&2
      .tools/bin/python -m pip install -q "uv==$UV_VERSION" >&2 || .tools/bin/python -m pip install -q uv >&2
      echo "$PWD/.tools/bin/uv"; return
    fi
  done
  fail "no Python with venv and pip was found. On Debian or Ubuntu: apt install python3-venv"
}

# interpreter FOLDER VERSION: the path of an interpreter; looked for from the folder, whose .python-version steers pyenv. Never the one of the
# environment that is about to be made anew: an upgrade that changed a lock file would leave a link to itself.
interpreter() {
  local folder=$1 version=$2 found
  found=$(cd "$folder" && "$UV" python find --system "$version" 2>/dev/null) && { echo "$found"; return; }
  for found in "${PYENV_ROOT:-$HOME/.pyenv}"/versions/"$version"*/bin/python; do
    [ -x "$found" ] && { echo "$found"; return; }
  done
  say "installing Python $version" >&2
  "$UV" python install "$version" >&2 2>/dev/null && { "$UV" python find --system "$version"; return; }
  fail "Python $version is needed and could not be had. Install it (pyenv install $version, or your system's package) and run the same command again."
}

environment() {
  local folder=$1 version=$2; shift 2
  local stamp="$folder/.venv/.lock-stamp" want
  want=$(cat "$@" | sha256sum | cut -d' ' -f1)
  [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$want" ] && return
  say "setting up $folder/.venv (Python $version)"
  "$UV" venv -q --clear --python "$(interpreter "$folder" "$version")" "$folder/.venv"
  local locks=()
  for lock in "$@"; do locks+=(-r "$lock"); done
  VIRTUAL_ENV="$PWD/$folder/.venv" "$UV" pip install --require-hashes --no-deps "${locks[@]}"
  [ "$folder" = . ] && VIRTUAL_ENV="$PWD/.venv" "$UV" pip install -q --no-deps -e .
  echo "$want" > "$stamp"
}

# Compiled here and not at first use: the product may run as a user who cannot write here, and an engine worker writes no
# file at all, so every start of one would compile thousands of modules anew. Ours are looked at each time.
compiled() { # the environment's folder, then where its own code lies
  local folder=$1 python="$1/.venv/bin/python" stamp="$1/.venv/.compiled-stamp"
  shift
  if ! cmp -s "$folder/.venv/.lock-stamp" "$stamp"; then
    # What a library ships for other Pythons does not compile, and is never imported.
    "$python" -m compileall -qq -j 0 -x '/(tests?|testing|tensorflow|keras)/' "$folder"/.venv/lib/python*/site-packages || true
    cp "$folder/.venv/.lock-stamp" "$stamp"
  fi
  find "$@" -name .venv -prune -o -name '*.py' -print | "$python" -m compileall -q -i -
}

UV=$(find_uv)
case ${1:-} in
  uv) echo "$UV" ;;
  product)
    environment . 3.12 requirements.lock requirements-dev.lock
    compiled . bot actions
    ;;
  engine)
    environment bot/engine 3.10 bot/engine/requirements.lock
    compiled bot/engine bot/__init__.py bot/core bot/phrases bot/dialogue bot/engine actions
    ;;
  *) fail "usage: setup.sh uv | product | engine" ;;
esac
