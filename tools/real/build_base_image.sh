#!/usr/bin/env bash
# Makes $1, a root file system of Debian 12 with Python 3.11, for images that no registry is asked for.
set -euo pipefail
target=$1
for program in podman runc mmdebstrap; do
  PATH=$PATH:/usr/sbin command -v "$program" >/dev/null || {
    echo "make test-real starts containers and needs $program: apt-get install podman runc mmdebstrap" >&2
    exit 1
  }
done
mkdir -p "$(dirname "$target")"
echo "making the root file system $target"
mmdebstrap --quiet --variant=minbase --include=python3,python3-pip,python3-venv,ca-certificates bookworm "$target.part.tar"
mv "$target.part.tar" "$target"
