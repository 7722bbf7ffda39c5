#!/bin/sh
# Make .venv from the lock: with uv where present, else venv and pip, else venv without pip and the system's pip.
# Runs as any user, without a home too. Does nothing while the lock is the one last installed.
#   scripts/bootstrap.sh          what the product needs
#   scripts/bootstrap.sh --dev    and what its tests and checks need
set -eu
cd "$(dirname "$0")/.."

fail() {
    echo "bootstrap: $1" >&2
    exit 1
}

usable() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
    for name in ${PYTHON:-} python3.11 python3.12 python3.13 python3.14 python3 python; do
        # Asked for its version rather than looked up: a shim may stand there without a Python behind it.
        if usable "$name"; then
            echo "$name"
            return
        fi
    done
}

make_with_uv() {
    usable .venv/bin/python || uv venv --quiet --clear ${python:+--python "$python"} .venv
    uv pip install --quiet --python .venv/bin/python --compile-bytecode --require-hashes -r "$lock"
}

make_with_pip() {
    [ -n "$python" ] || fail "no Python 3.11 or newer on PATH. Install one, or set PYTHON to it, and run this again."
    if ! usable .venv/bin/python || ! has_pip; then
        rm -rf .venv
        "$python" -m venv .venv >/dev/null 2>&1 || make_bare
    fi
    if .venv/bin/python -m pip --version >/dev/null 2>&1; then
        .venv/bin/python -m pip install $pip_options -r "$lock"
    else
        "$python" -m pip --python .venv/bin/python install $pip_options -r "$lock"
    fi
}

# Inside the environment, or the system's, which installs into it from outside.
has_pip() {
    .venv/bin/python -m pip --version >/dev/null 2>&1 || "$python" -m pip --version >/dev/null 2>&1
}

# Debian and Ubuntu split what makes pip off into a package of its own, python3-venv.
make_bare() {
    rm -rf .venv
    "$python" -m venv --without-pip .venv
    has_pip || fail "$python has neither venv with pip nor pip. Install python3-venv, pip or uv and run this again."
}

# A home that can't be written is no place for caches; ours is, and a later start finds them.
if [ -z "${HOME:-}" ] || [ ! -w "$HOME" ]; then
    export HOME="$PWD/var/home"
    export XDG_CACHE_HOME="$HOME/.cache" PIP_CACHE_DIR="$HOME/.cache/pip" UV_CACHE_DIR="$HOME/.cache/uv"
    mkdir -p "$HOME"
fi
unset PIP_USER PYTHONHOME PYTHONPATH VIRTUAL_ENV
export PIP_DISABLE_PIP_VERSION_CHECK=1
pip_options="--quiet --require-hashes --no-input"
python=$(find_python)

# The lock of development holds the other one too; once it is in, the demo keeps it.
lock=requirements.txt
[ "${1:-}" != "--dev" ] || lock=requirements-dev.txt
[ ! -f .venv/installed-dev ] || lock=requirements-dev.txt

stamp=.venv/installed
[ "$lock" = requirements.txt ] || stamp=.venv/installed-dev
if cmp -s "$lock" "$stamp" && usable .venv/bin/python; then
    exit 0
fi

begun=$(date +%s)
rm -f .venv/installed .venv/installed-dev  # not before it is done again
printf 'Installing %s into .venv … ' "$lock"
if command -v uv >/dev/null 2>&1; then make_with_uv; else make_with_pip; fi
cp "$lock" "$stamp"
echo "$(($(date +%s) - begun)) s"
