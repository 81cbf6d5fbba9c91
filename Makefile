# make run: serve the demo on http://127.0.0.1:5000 (PORT=… and REGION=… for others) · make test ·
# make test-quick · make test-postgres · make coverage · make lint · make lock · make install · make soak · make fuzz · make sbom ·
# make bench · make bench-http · make bench-peers (docs/performance.md)
PORT ?= 5000
REGION ?= zuid-kennemerland
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check --quiet
HTMX := static/vendor/htmx-2.0.10.min.js
STATIC := $(shell find static -type f -not -path '*/vendor/*' -not -name '*.gz' -not -name '*.br')
SEEDS := $(shell find seeds portal/seeding portal/database portal/directory portal/search portal/guide portal/readers -type f -not -name '*.pyc')
COMPRESSED := $(VENV)/static.done
SEEDED := instance/demo-$(REGION).done

.PHONY: install run test test-quick test-postgres coverage soak fuzz sbom bench bench-http bench-peers lint lock clean

# A real installation, without the demo: docs/running.md.
install: $(COMPRESSED)

# The demo of each region has a database of its own, whatever the environment says.
run: export DATABASE_URL := sqlite:///instance/demo-$(REGION).sqlite
run: export REGION := $(REGION)
run: $(COMPRESSED) $(SEEDED)
	@PORT=$(PORT) $(BIN)/flask serve

# Three processes for two cores, because tests that kill and restart also wait; the tests of a file
# stay together (tests/conftest.py). Bytecode is kept whatever the environment says: the tests start
# some sixty processes of the portal.
PYTEST := PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

# The tests that use the database hardest run once more on PostgreSQL; of the contracts, those that ask it. What is refused
# before any statement, read from the code or counted in statements is the same on both: sent_forms, typed_text, structure.
POSTGRES := tests/database tests/search tests/directory tests/jobs tests/throttle tests/idempotency tests/finder/test_remembered.py \
	$(addprefix tests/contracts/test_, clock_ahead.py many_writers.py \
	access.py::test_each_visitor_gets_what_the_list_says access.py::test_an_id_above_64_bits_is_not_found \
	structure.py::test_the_migrations_make_exactly_the_tables_of_the_models) \
	tests/mail tests/accounts tests/requests/test_submission.py tests/notices/test_publishing.py tests/meetings

test: $(VENV)/dev.done $(COMPRESSED)
	$(PYTEST) $(PYTEST_ARGS)
	$(PYTEST) --database=postgres $(POSTGRES) $(PYTEST_ARGS)

# With PYTEST_ARGS=tests/… only those.
test-postgres: $(VENV)/dev.done $(COMPRESSED)
	$(PYTEST) --database=postgres $(or $(PYTEST_ARGS),$(POSTGRES))

# Without the browser, the kills, the soak and the fuzzer.
test-quick: $(VENV)/dev.done $(COMPRESSED)
	$(PYTEST) --ignore tests/browser --ignore tests/soak --ignore tests/fuzz --ignore tests/mail/test_workers.py $(PYTEST_ARGS)

# Apart from `make test`: every line is traced, which costs 1.9 times the CPU time (tests/directory
# and tests/web: 37 s of user time, 20 s without).
coverage: $(VENV)/dev.done $(COMPRESSED)
	$(PYTEST) --ignore tests/browser --ignore tests/soak --cov=portal --cov-report=term $(PYTEST_ARGS)

# The portal and its worker killed 200 times instead of four, and so on; a quarter of an hour.
soak: $(VENV)/dev.done $(COMPRESSED)
	SOAK=200 $(BIN)/python -m pytest -s tests/soak tests/mail/test_workers.py tests/directory/test_change_sets.py

# Random requests to every route (docs/security.md). A fault is repeated with the SEED and BLOCK that
# it is shown with: make fuzz FUZZ=100 SEED=1 BLOCK=31.
FUZZ ?= 100000
SEED ?= 1
BLOCK ?= 0
fuzz: $(VENV)/dev.done $(COMPRESSED)
	@$(BIN)/python -u -m tests.fuzz $(FUZZ) $(SEED) $(BLOCK)

# CPU time and instructions of a request with 150 and 10,000 schools; instructions need valgrind
# (apt-get install valgrind). The databases are kept outside the repository (BENCH_FOLDER).
bench: $(VENV)/dev.done $(COMPRESSED)
	@$(BIN)/python -u -m tests.bench.cpu $(SIZES)
	@$(BIN)/python -u -m tests.bench.pages --postgres
	@$(BIN)/python -u -m tests.bench.bulk
	@$(BIN)/python -u -m tests.bench.bulk --postgres

# Requests per second under wrk, with writes among them, and the memory of a worker.
bench-http: $(VENV)/dev.done $(COMPRESSED)
	@$(BIN)/python -u -m tests.bench.serve

# Django and Datasette beside the type-ahead; they are installed outside the project.
bench-peers: $(VENV)/dev.done $(COMPRESSED)
	@$(BIN)/python -u -m tests.bench.peers

lint: $(VENV)/dev.done
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint templates --lint --quiet

$(VENV)/run.done: requirements.lock
	@echo "De omgeving wordt klaargezet (de eerste keer duurt dat een minuut) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) install --require-hashes -r requirements.lock
	@touch $@

$(VENV)/dev.done: $(VENV)/run.done requirements-dev.lock
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

$(HTMX): htmx.lock portal/web/vendor.py $(VENV)/run.done
	@$(PIP) download --no-deps --require-hashes -r htmx.lock -d $(VENV)/htmx
	@$(BIN)/python -m portal.web.vendor $(VENV)/htmx $@

$(COMPRESSED): $(STATIC) $(HTMX)
	@$(BIN)/python -m whitenoise.compress --quiet static
	@touch $@

$(SEEDED): $(VENV)/run.done $(SEEDS)
	@$(BIN)/flask seed --demo
	@touch $@

# A bill of materials, CycloneDX as JSON, in sbom.json.
sbom:
	@$(PYTHON) -m tests.sbom > sbom.json

# Names and hashes only: a lock that holds host names may not be committed. Extras stay in the lock:
# pip refuses `coverage[toml]` where only `coverage` is pinned and a newer one exists.
LOCK := $(VENV)/lock/bin/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --no-strip-extras
lock:
	$(PYTHON) -m venv $(VENV)/lock && $(VENV)/lock/bin/pip --disable-pip-version-check --quiet install uv==0.13.9
	$(LOCK) pyproject.toml -o requirements.lock
	$(LOCK) -c requirements.lock --extra postgres pyproject.toml -o requirements-postgres.lock
	$(LOCK) -c requirements-postgres.lock --extra postgres --group dev pyproject.toml -o requirements-dev.lock

clean:
	rm -rf $(VENV) static/vendor
	find static -name '*.gz' -delete -o -name '*.br' -delete
