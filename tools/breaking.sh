#!/usr/bin/env bash
# Refuses changes of proto/ that break what is released: the newest vX.Y.Z tag in the history of
# this commit, and the commit that proto/RELEASE names, which clones without tags know too.
set -euo pipefail
cd "$(dirname "$0")/.."

releases=$(git tag --list 'v*' --merged HEAD --sort=-version:refname |
  grep -m1 -E '^v[0-9]+\.[0-9]+\.[0-9]+$' || true)
if [ -f proto/RELEASE ]; then
  releases+=" $(<proto/RELEASE)"
fi
if [ -z "$releases" ]; then
  echo "buf breaking: no release yet, so nothing can break"
  exit
fi

earlier=$(mktemp -d)
trap 'rm -rf "$earlier"' EXIT
for release in $releases; do
  commit=$(git rev-parse --quiet --verify "$release^{commit}") || {
    echo "buf breaking: proto/RELEASE names $release, which this clone lacks: fetch all history" >&2
    exit 1
  }
  [ -d "$earlier/$commit" ] && continue
  echo "buf breaking against $release"
  mkdir "$earlier/$commit"
  git archive "$commit" buf.yaml proto | tar -x -C "$earlier/$commit"
  buf breaking --against "$earlier/$commit"
done
