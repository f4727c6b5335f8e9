#!/usr/bin/env bash
# Makes the virtual environment $1 from requirements.lock; uv is used where it works, pip always does.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=$1
python=${PYTHON:-python3}
lock=requirements.lock

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "Penstock needs Python 3.11 or newer, and $python is $("$python" --version). Try: make setup PYTHON=python3.12" >&2
  exit 1
}
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
# An environment that uv made has no pip.
"$venv/bin/python" -m pip --version >/dev/null 2>&1 || "$venv/bin/python" -m ensurepip --upgrade >/dev/null
export PIP_DISABLE_PIP_VERSION_CHECK=1
pip=("$venv/bin/python" -m pip install --quiet --require-hashes)

with_uv() {
  local uv=$venv/bin/uv
  if [ ! -x "$uv" ] && ! uv=$(command -v uv); then
    local only_uv
    only_uv=$(mktemp)
    awk '/^[^ ]/ { inside = /^uv==/ } inside' "$lock" >"$only_uv"
    "${pip[@]}" -r "$only_uv" || return 1
    rm -f "$only_uv"
    uv=$venv/bin/uv
  fi
  UV_LINK_MODE=copy "$uv" pip install --quiet --python "$venv/bin/python" --require-hashes -r "$lock"
}

echo "installing $lock into $venv (seconds with uv, a minute with pip)"
with_uv || {
  echo "uv does not work here, so pip does it"
  "${pip[@]}" -r "$lock"
}
"$venv/bin/python" -m pip install --quiet --no-deps --no-build-isolation --editable .
