#!/usr/bin/env bash
# Checks proto/ as a contract: lint, breaking changes, generated code, documentation.
set -euo pipefail
cd "$(dirname "$0")/.."

echo "buf lint"
buf lint
buf format --diff --exit-code --path proto/penstock

python -m tools.language_options --check

tools/breaking.sh

echo "drift of generated code"
python -m tools.generate --check
python -m tools.check_contract_docs
python -m tools.check_bounds
