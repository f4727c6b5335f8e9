#!/usr/bin/env bash
# Makes the virtual environment $1 from requirements.lock; uv is used where it works, pip always does.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=$1
python=${PYTHON:-python3}

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "Penstock needs Python 3.11 or newer, and $python is $("$python" --version). Try: make setup PYTHON=python3.12" >&2
  exit 1
}
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"

install_with_uv() {
  command -v uv >/dev/null || return 1
  uv pip install --quiet --python "$venv/bin/python" --require-hashes -r requirements.lock
}

install_with_pip() {
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
}

echo "installing requirements.lock into $venv (a minute without a warm cache)"
install_with_uv || install_with_pip
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
