#!/usr/bin/env bash
# Checks proto/ as a contract: lint, breaking changes, generated code, documentation.
set -euo pipefail
cd "$(dirname "$0")/.."

echo "buf lint"
buf lint
buf format --diff --exit-code --path proto/penstock

# A shallow or fresh clone may lack the branch, or the branch its first contract.
base=""
for ref in origin/main main; do
  if git ls-tree -d "$ref" proto/penstock 2>/dev/null | grep -q .; then
    base=$(git rev-parse "$ref")
    break
  fi
done
if [ -n "$base" ]; then
  echo "buf breaking against $base"
  earlier=$(mktemp -d)
  trap 'rm -rf "$earlier"' EXIT
  git archive "$base" buf.yaml proto | tar -x -C "$earlier"
  buf breaking --against "$earlier"
else
  echo "buf breaking: no earlier contract to compare with"
fi

echo "drift of generated code"
python -m tools.generate --check
python -m tools.check_contract_docs
