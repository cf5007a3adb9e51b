#!/usr/bin/env bash
# `make release`: the source of the present commit as an archive anybody can make again bit by bit, the bills of what both
# Pythons are built of, their sums, and a signature over the sums. RELEASE_KEY: a private key of ssh-keygen (a hardware
# one too); without it everything is made and nothing is signed. Explained in docs/release.md.
set -euo pipefail
cd "$(dirname "$0")/.."
PY=${PY:-.venv/bin/python}
fail() { printf '✗ %s\n' "$*" >&2; exit 1; }

[ -z "$(git status --porcelain)" ] || fail "there are changes that are not committed; a release is a commit"
version=$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml | head -1)
[ -n "$version" ] || fail "pyproject.toml names no version"
tag=$(git tag --points-at HEAD | grep -Fx "v$version" || true)
[ -n "$tag" ] || echo "▸ this commit has no tag v$version: a trial"
# As of the day of the tag, or of the commit: whoever makes a release again later gets the same answer.
day=$(git for-each-ref --format='%(creatordate:short)' "refs/tags/${tag:-none}")
if ! "$PY" scripts/audit_dependencies.py --release "${day:-$(git log -1 --format=%cs)}"; then
  [ -z "$tag${RELEASE_KEY:-}" ] || fail "no release without a checked result: --update on a machine that reaches the service, commit, tag again"
  echo "▸ NOT CHECKED for known vulnerabilities: a trial that is not to be given to anybody"
fi

out=build/release
name=lachan-$version
rm -rf "$out" && mkdir -p "$out"
# Times, owners and order are those of the commit; gzip is told to add neither a name nor a time of its own.
git archive --format=tar --prefix="$name/" HEAD | gzip -n -9 >"$out/$name.tar.gz"
"$PY" scripts/sbom.py "$out"
git rev-parse HEAD >"$out/COMMIT"
(cd "$out" && sha256sum COMMIT ./*.cdx.json "$name.tar.gz" | sed 's# \./# #' >SHA256SUMS)
if [ -n "${RELEASE_KEY:-}" ]; then
  ssh-keygen -q -Y sign -n lachan-release -f "$RELEASE_KEY" "$out/SHA256SUMS"
  echo "▸ $out/SHA256SUMS.sig"
else
  echo "▸ NOT SIGNED: set RELEASE_KEY to the file of the release key"
fi
echo "▸ $out/$name.tar.gz"
