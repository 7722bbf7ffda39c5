# The whole interface. Each target sets up what it needs.
PYTHON = .venv/bin/python
comma = ,
.PHONY: demo demo-reset test permissions mutation check e2e screens bench bench-tenancy setup setup-dev

setup:
	@sh scripts/bootstrap.sh

setup-dev:
	@sh scripts/bootstrap.sh --dev

demo: setup
	@$(PYTHON) -m bpo.embedded.demo

demo-reset: setup
	@$(PYTHON) -m bpo.embedded.demo --reset

test: setup-dev
	@$(PYTHON) -m pytest tests/unit tests/integration tests/architecture tests/permissions/test_names.py -m "not outside" -n auto --maxprocesses 4 $(ARGS)

# Each cell of tests/permissions/matrix.txt, and each writable field by everybody.
permissions: setup-dev
	@$(PYTHON) -m pytest tests/permissions -n auto --maxprocesses 2 $(ARGS)

# One permission after the other is made to allow everybody: the matrix has to notice each.
mutation: setup-dev
	@$(PYTHON) -m pytest tests/permissions/mutation.py -n auto --maxprocesses 2 --dist worksteal $(ARGS)

check: setup-dev
	@sh scripts/check.sh

# Runs browser tests, then asks of what they left in a notebook whether they came by every route.
define in_a_browser
visited=$$(mktemp) && export BPO_E2E_VISITED=$$visited && \
	$(PYTHON) -m pytest $(1) -n auto --maxprocesses 2 --dist loadfile $(ARGS) && \
	{ [ -n "$(ARGS)" ] || $(PYTHON) -m pytest tests/e2e/last/$(2); }; code=$$?; rm -f $$visited; exit $$code
endef

e2e: setup-dev
	@$(call in_a_browser,tests/e2e --ignore tests/e2e/screens --ignore tests/e2e/last --ignore tests/e2e/attacks --ignore tests/e2e/qa/test_nothing_is_lost.py,test_every_route.py)

# Every page empty, full and with the longest names, at both widths and in both themes, under axe.
screens: setup-dev
	@$(call in_a_browser,tests/e2e/screens,test_every_screen.py)

bench: setup-dev
	@$(PYTHON) -m bench

# Opening and migrating many clients: SIZE=5,50 unless told, such as SIZE=200.
bench-tenancy: setup-dev
	@SIZE=$(or $(SIZE),5$(comma)50) $(PYTHON) -m bench clients
