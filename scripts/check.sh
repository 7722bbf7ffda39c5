#!/bin/sh
# Linters, types, import contracts, and what Django can say of itself. Fails at the first that fails.
set -eu
cd "$(dirname "$0")/.."
export BPO_VAR="${BPO_VAR:-$(mktemp -d)}" BPO_LOG_LEVEL=WARNING
step() {
    printf '%s … ' "$1"
    shift
    started=$(date +%s)
    if ! "$@" >"$BPO_VAR/check.log" 2>&1; then
        echo "failed"
        cat "$BPO_VAR/check.log"
        exit 1
    fi
    echo "$(($(date +%s) - started)) s"
}
bin=.venv/bin
step "ruff" $bin/ruff check .
step "ruff format" $bin/ruff format --check .
step "mypy" $bin/mypy bpo accounts workforce attrition interactions scheduling qa surveys reports console bench
step "import contracts" $bin/lint-imports
step "django check" $bin/python manage.py check
step "migrations" $bin/python manage.py makemigrations --check --dry-run --skip-checks
step "collectstatic" $bin/python manage.py collectstatic --noinput
[ ! -f bpo/ui/lint_templates.py ] || step "template lint" $bin/python -m bpo.ui.lint_templates
