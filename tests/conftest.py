"""The suite's ground: settings, one PostgreSQL server, and the cast."""

import contextlib
import gc
import itertools
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.setdefault("BPO_VAR", tempfile.mkdtemp(prefix="bpo-tests-")))
os.environ.setdefault("BPO_TESTS_RUN", str(os.getpid()))  # workers of one run share its server
os.environ["DJANGO_SETTINGS_MODULE"] = "bpo.settings"
os.environ["BPO_MAY_OWN"] = "1"
os.environ["BPO_ROLE_PREFIX"] = "bpotests"
os.environ["BPO_BASE"] = "bpo.test"
os.environ["BPO_MFA_WAIVED"] = "1"  # the tests of second steps ask for one themselves
os.environ.setdefault("BPO_POOL_SIZE", "0")  # a place takes a second; the tests of the pool fill it themselves
os.environ.setdefault("BPO_HOST_CACHE_SECONDS", "30")
os.environ.setdefault("BPO_DNS_SERVER", "127.0.0.1:9")  # nobody: tests of DNS bring a server of their own
os.environ.setdefault("BPO_DNS_SECONDS", "1")


# A busy machine is slow; that is no fault of the rule under test.
hypothesis_settings.register_profile("patient", deadline=None)
hypothesis_settings.load_profile("patient")


def lend_collected_sql() -> None:
    """What earlier runs collected from the same migrations: its name is their content's, and making it takes seconds."""
    kept = ROOT / "var" / "collected-by-tests"
    with contextlib.suppress(OSError):  # somebody else's folder: collected anew
        kept.mkdir(parents=True, exist_ok=True)
        (VAR / "cache").symlink_to(kept, target_is_directory=True)


def server_folder() -> Path:
    """Where this run's server lives: memory if there is any to spare, for a clone there takes a tenth of the time."""
    memory = Path("/dev/shm")  # noqa: S108 - the name carries this process, the folder is made private
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2_000_000_000
    folder = (memory if roomy else ROOT / "var") / f"bpo-tests-{os.getuid()}-{os.environ['BPO_TESTS_RUN']}"
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    return folder


def remove_leftovers() -> None:
    """Servers of runs that were killed: their process is gone, so is their use."""
    from bpo.embedded.postgres import destroy

    here = server_folder().parent
    for folder in here.glob(f"bpo-tests-{os.getuid()}-*"):
        if not Path(f"/proc/{folder.name.rsplit('-', 1)[1]}").exists():
            with contextlib.suppress(FileNotFoundError):  # another run beside this one may be tidying up too
                destroy(folder)
            shutil.rmtree(folder, ignore_errors=True)


def _server() -> None:
    """DATABASE_URL if set, else an embedded server of the suite's own."""
    if "DATABASE_URL" not in os.environ:
        from bpo.embedded.postgres import ensure

        server = ensure(server_folder(), fast=True)
        os.environ["DATABASE_URL"] = server.owner_url
        os.environ["BPO_DB_AUTH"] = server.auth
        os.environ["BPO_TESTS_OWN_SERVER"] = "1"
    from bpo import env

    os.environ["BPO_TESTS_HOME_DATABASE"] = env.database(os.environ["DATABASE_URL"])["NAME"]


def pytest_collection(session: pytest.Session) -> None:
    """Thousands of tests are made and kept: looking through them for garbage would take as long again."""
    if not session.config.pluginmanager.hasplugin("dsession"):  # which hands the tests of its workers on
        gc.disable()


def pytest_collection_finish(session: pytest.Session) -> None:
    """They stay to the end, so collections from now on leave them alone; that was a quarter of a run's time."""
    gc.enable()
    gc.collect()
    gc.freeze()


def pytest_configure(config: pytest.Config) -> None:
    sys.path.insert(0, str(ROOT))
    lend_collected_sql()
    _server()
    if os.environ["BPO_TESTS_RUN"] == str(os.getpid()) and os.environ.get("BPO_TESTS_OWN_SERVER"):
        remove_leftovers()
    import django
    from django.conf import settings
    from django.test.utils import setup_test_environment

    django.setup()
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    # Clients of all workers have the same ids, and so the same paths.
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        settings.MEDIA_ROOT, settings.EXPORT_ROOT = VAR / "files-of" / worker, VAR / "exports-of" / worker
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    setup_test_environment()


def pytest_unconfigure(config: pytest.Config) -> None:
    """The run's own server goes with the run."""
    from tests.database import leave_home

    leave_home()
    if os.environ.get("BPO_TESTS_OWN_SERVER") and "PYTEST_XDIST_WORKER" not in os.environ:
        from bpo.embedded.postgres import destroy

        destroy(server_folder())
        shutil.rmtree(server_folder(), ignore_errors=True)
        remove_leftovers()


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One worker more than cores, for some tests wait for processes they started."""
    return len(os.sched_getaffinity(0)) + 1


READERS_OF_THE_DEMO = ("tests/integration/demo/test_manifest", "tests/integration/demo/test_seed")
WALKS = ("tests/permissions/test_matrix", "tests/permissions/test_fields")


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Tests go to whichever worker is free; those that read the demo's database to one, so that none waits for it, and
    those of one row of the permission matrix to one, which asks once what each of them wants to know."""
    if config.getvalue("dist") != "load":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class ByTest(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            if nodeid.startswith(WALKS) and "[" in nodeid:
                return nodeid.split("[", 1)[1]
            return "demo" if nodeid.startswith(READERS_OF_THE_DEMO) else nodeid

    return ByTest(config, log)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The roles of the template databases. Built once, by whichever worker comes first."""
    from tests import database

    worker = os.environ.get("PYTEST_XDIST_WORKER")
    shared = tmp_path_factory.getbasetemp().parent if worker else tmp_path_factory.getbasetemp()
    note = shared / "template.json"
    import fcntl

    with (shared / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not note.exists():
            note.write_text(json.dumps(database.build_templates()))
    return database.remembered(note)


_numbers = itertools.count(1)


@pytest.fixture
def db(request: pytest.FixtureRequest, template: list[str]) -> Iterator[None]:
    """A database of this test's own: client alpha, and beta where the test asks for it, nothing else."""
    from tests import database

    name = f"bpo_t_{os.environ.get('PYTEST_XDIST_WORKER', 'w')}_{os.getpid()}_{next(_numbers)}"
    both = "beta" in request.fixturenames
    with database.cloned(name, template if both else template[:2], database.TEMPLATE if both else database.ONE_CLIENT):
        yield


@pytest.fixture
def alpha(db: None) -> Any:
    from accounts.models import Client

    return Client.objects.get(key="alpha")


@pytest.fixture
def beta(db: None) -> Any:
    from accounts.models import Client

    return Client.objects.get(key="beta")


@pytest.fixture
def gamma(db: None) -> Any:
    """A client of this test alone, with a role of its own: for tests that suspend or drop it."""
    from django.utils import timezone

    from accounts.services import open_client
    from bpo.actors import system

    return open_client(key="gamma", name="Gamma", zone="UTC", by=system("tests"), now=timezone.now())
