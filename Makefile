# The whole interface. Each target sets up what it needs.
PYTHON = .venv/bin/python
.PHONY: demo demo-reset test check e2e bench setup setup-dev

setup:
	@sh scripts/bootstrap.sh

setup-dev:
	@sh scripts/bootstrap.sh --dev

demo: setup
	@$(PYTHON) -m bpo.embedded.demo

demo-reset: setup
	@$(PYTHON) -m bpo.embedded.demo --reset

test: setup-dev
	@$(PYTHON) -m pytest tests/unit tests/integration tests/architecture -m "not outside" -n auto --maxprocesses 4 $(ARGS)

check: setup-dev
	@sh scripts/check.sh

e2e: setup-dev
	@$(PYTHON) -m pytest tests/e2e $(ARGS)

bench: setup-dev
	@$(PYTHON) -m bench
