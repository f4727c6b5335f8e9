#!/usr/bin/env bash
# Builds into $1 the package $3 of the Go module $2 (module@version); what follows is for `go build`.
# Takes about five minutes when Go's cache is cold.
set -euo pipefail
target=$1 module=$2 package=$3
shift 3
name=$(basename "$target")
command -v go >/dev/null || {
  echo "make test-real builds $module and needs Go: install it, or put such a $name at $target" >&2
  exit 1
}
mkdir -p "$(dirname "$target")"
target=$(cd "$(dirname "$target")" && pwd)/$name

# `go install` refuses a module whose go.mod has a replace, hence a copy of the source.
echo "building $module into $target"
source=$(go mod download -json "$module" |
  sed -n 's/^[[:space:]]*"Dir": "\(.*\)",\{0,1\}$/\1/p')
copy=$(mktemp -d)
trap 'chmod -R u+w "$copy"; rm -rf "$copy"' EXIT
cp -r "$source/." "$copy"
chmod -R u+w "$copy"
(cd "$copy" && nice -n 19 go build -o "$target.part" "$@" "$package")
mv "$target.part" "$target"
