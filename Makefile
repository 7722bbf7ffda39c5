# The whole interface. Each target sets up what it needs.
PYTHON = .venv/bin/python
.PHONY: demo demo-reset test check e2e screens bench setup setup-dev

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
	@$(PYTHON) -m pytest tests/e2e --ignore tests/e2e/screens --ignore tests/e2e/last -n auto --maxprocesses 2 --dist loadfile $(ARGS)

# Every page in three states, both widths and themes, under axe; then which routes the journeys came by.
screens: setup-dev
	@visited=$$(mktemp) && export BPO_E2E_VISITED=$$visited && \
	$(PYTHON) -m pytest tests/e2e --ignore tests/e2e/last -n auto --maxprocesses 2 --dist loadfile $(ARGS); code=$$?; \
	$(PYTHON) -m pytest tests/e2e/last || code=1; rm -f $$visited; exit $$code

bench: setup-dev
	@$(PYTHON) -m bench
