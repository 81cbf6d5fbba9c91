# make run: serve the demo on http://127.0.0.1:5000 (PORT=… and REGION=… for others) · make test ·
# make test-quick · make test-postgres · make coverage · make lint · make lock · make install · make soak · make fuzz · make sbom ·
# make bench · make bench-http · make bench-peers (docs/performance.md)
PORT ?= 5000
REGION ?= zuid-kennemerland
# A Debian's own Python is compiled with PGO and LTO: pages and tests take some 12 % less time than with one of pyenv.
PYTHON ?= $(or $(shell /usr/bin/python3 -c 'import sys, ensurepip; assert sys.version_info >= (3, 11); print(sys.executable)' 2>&-),python3)
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
# stay together (tests/conftest.py). Bytecode is kept whatever the environment says: each
# process of the tests loads the portal.
PYTEST := PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

# The tests that run once more on PostgreSQL: those that ask something of the engine, and others that together execute
# what the portal says to a database (2,241 of the 2,307 statements of the 1,419 tests that ran there until 27
# November 2026; the others are mostly the tests' own). Worker processes that are killed on PostgreSQL:
# tests/soak/test_machines.py. What is refused before any statement, read from the code or counted in statements is
# the same on both: sent_forms, typed_text, structure.
POSTGRES := tests/database tests/directory tests/contacts/test_timeline.py tests/jobs tests/throttle tests/idempotency \
	$(addprefix tests/search/test_, index.py search.py) $(addprefix tests/mail/test_, outbox.py sending_and_retries.py) \
	$(addprefix tests/meetings/test_, agenda_slots.py kern.py merging_and_forgetting.py pages.py) \
	$(addprefix tests/contracts/test_, clock_ahead.py many_writers.py \
	access.py::test_each_visitor_gets_what_the_list_says access.py::test_an_id_above_64_bits_is_not_found \
	structure.py::test_the_migrations_make_exactly_the_tables_of_the_models) \
	$(addprefix tests/accounts/test_, administration.py clearing.py invitations.py own_data.py pending_forms.py sessions.py \
	forgetting.py::test_names_are_found_in_every_column_however_they_are_spelled \
	forgetting.py::test_nobody_forgets_themselves_or_somebody_above_them \
	forgetting.py::test_who_still_gets_requests_is_not_forgotten_yet \
	second_factors.py::test_the_factors_of_an_account_that_ended_are_cleared \
	second_factors.py::test_without_a_factor_a_new_coordinator_has_seven_days \
	sign_in_links.py::test_account_and_session_end_after_the_last_day) \
	$(addprefix tests/notices/test_publishing.py::test_, departure_names_a_successor_per_school \
	person_without_address_is_listed_to_call second_report_of_the_same_change_is_refused) \
	$(addprefix tests/requests/test_submission.py::test_, the_mail_to_the_mailbox_holds_every_answer \
	who_is_known_finds_name_number_school_and_kernteam_filled_in)

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
