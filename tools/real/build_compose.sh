#!/usr/bin/env bash
# Builds Docker Compose into $1 (about five minutes when Go's cache is cold). Needs Go.
set -euo pipefail
version=v2.40.3
target=$1
command -v go >/dev/null || {
  echo "make test-real builds Docker Compose and needs Go: install it, or put a docker-compose $version at $target" >&2
  exit 1
}
mkdir -p "$(dirname "$target")"
target=$(cd "$(dirname "$target")" && pwd)/$(basename "$target")

# `go install` refuses this module because its go.mod has a replace, hence a copy of the source.
echo "building Docker Compose $version into $target"
source=$(go mod download -json "github.com/docker/compose/v2@$version" |
  sed -n 's/^[[:space:]]*"Dir": "\(.*\)",\{0,1\}$/\1/p')
copy=$(mktemp -d)
trap 'chmod -R u+w "$copy"; rm -rf "$copy"' EXIT
cp -r "$source/." "$copy"
chmod -R u+w "$copy"
(cd "$copy" && nice -n 19 go build -trimpath -ldflags "-s -w -X github.com/docker/compose/v2/internal.Version=$version" -o "$target.part" ./cmd)
mv "$target.part" "$target"
