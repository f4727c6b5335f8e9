#!/usr/bin/env bash
# Writes requirements.lock: hashed, for every platform, and free of index addresses.
set -euo pipefail
cd "$(dirname "$0")/.."
export UV_CUSTOM_COMPILE_COMMAND="make lock"
uv pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url \
  --python-version 3.11 --extra dev --output-file requirements.lock pyproject.toml
