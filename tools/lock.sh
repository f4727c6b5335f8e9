#!/usr/bin/env bash
# Writes requirements.lock: hashed, for every platform, and free of index addresses.
set -euo pipefail
cd "$(dirname "$0")/.."
export UV_CUSTOM_COMPILE_COMMAND="make lock"
uv pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url \
  --python-version 3.11 --extra dev --output-file requirements.lock pyproject.toml

# What the image installs and builds with: a part of the same versions, and all of it is checked.
part() {
  uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate \
    --python-version 3.11 --constraint requirements.lock "$@"
}
part --extra otel --extra postgres --extra server --output-file deploy/images/runtime.lock pyproject.toml
part --output-file deploy/images/build.lock - <<<hatchling
