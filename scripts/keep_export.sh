#!/bin/sh
# Keep an export of this version's small client under tests/releases, for every later version to restore.
set -eu
cd "$(dirname "$0")/.."
mkdir -p tests/releases
BPO_KEEP_EXPORT=1 .venv/bin/python -m pytest -q -n 0 \
    tests/integration/console/test_exports.py::test_the_export_of_this_release_is_kept
