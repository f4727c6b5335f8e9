#!/usr/bin/env bash
# Makes the virtual environment $1 as an install of today would be, with no lock.
set -euo pipefail
cd "$(dirname "$0")/.."
uv venv --quiet --allow-existing "$1"
UV_LINK_MODE=copy uv pip install --quiet --upgrade --python "$1/bin/python" --editable ".[otel,postgres,server,test]" grpcio-tools
uv pip list --quiet --python "$1/bin/python" | grep -E '^(grpcio|protobuf|protovalidate|pydantic|sqlalchemy|uvloop) '
