#!/bin/sh
# Make .venv from the lock: with uv where present, else venv and pip, else venv without pip and the system's pip.
# Runs as any user; does nothing when the lock has not changed since.
set -eu
cd "$(dirname "$0")/.."
locks=requirements.txt
[ "${1:-}" = "--dev" ] && locks="requirements.txt requirements-dev.txt"

find_python() {
    for name in python3.11 python3.12 python3.13 python3.14 python3 python; do
        if command -v "$name" >/dev/null 2>&1 &&
            "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    echo "bootstrap: no Python 3.11 or newer on PATH. Install one and run this again." >&2
    exit 1
}

python=$(find_python)
wanted=$(cat $locks | "$python" -c 'import hashlib,sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())')
stamp=.venv/.bpo-lock
# A virtual environment made for development serves the demo too.
if [ -f "$stamp" ] && grep -q "$wanted" "$stamp" && .venv/bin/python -c 'import django' 2>/dev/null; then
    exit 0
fi
[ -n "${HOME:-}" ] && [ -w "${HOME:-/nonexistent}" ] || HOME=$(mktemp -d) && export HOME

requirements=""
for lock in $locks; do requirements="$requirements -r $lock"; done
start=$(date +%s)
if command -v uv >/dev/null 2>&1; then
    [ -x .venv/bin/python ] || uv venv --quiet --python "$python" .venv
    VIRTUAL_ENV="$PWD/.venv" uv pip install --quiet --compile-bytecode --require-hashes $requirements
elif [ -x .venv/bin/pip ] || "$python" -m venv .venv 2>/dev/null; then
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes $requirements
else
    rm -rf .venv
    "$python" -m venv --without-pip .venv
    "$python" -m pip --python .venv/bin/python install --quiet --disable-pip-version-check --require-hashes $requirements
fi
echo "$wanted" >> "$stamp"
echo "Environment ready in .venv … $(($(date +%s) - start)) s"
