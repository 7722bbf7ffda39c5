"""Each guard is fed something bad and says what is wrong, and the product itself passes it."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import models
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import get_resolver

from bpo.celery import NoScope, app
from bpo.data_classes import DataClass, managed_models, problems_of
from bpo.permissions import OpenToAll, Permission, UnstampedView, open_to_all, requires, stamp_of
from bpo.permissions_api import stamp_for
from bpo.permissions_middleware import PermissionMiddleware

ROOT = Path(__file__).resolve().parent.parent.parent
FLOORS = (
    "bpo", "accounts", "workforce", "attrition", "interactions", "scheduling", "qa", "surveys", "reports", "console",
)  # fmt: skip

# Views without a login, each with its reason on the view. This list may only shrink or be argued for in review.
OPEN = {
    "accounts.views.sign_in.sign_in",
    "accounts.views.sign_in.sign_out",
    "accounts.views.second_step.second_step",
    "accounts.views.company.start",
    "accounts.views.company.back",
    "accounts.views.passkeys.sign_in_by_passkey",
    "accounts.views.crossing.arrive",
    "accounts.views.links.forgotten",
    "accounts.views.links.join",
    "accounts.views.links.new_password",
    "surveys.views.public.survey",
}


def views(urlconf: str) -> Iterator[tuple[str, Any]]:
    def walk(patterns: Any, prefix: str) -> Iterator[tuple[str, Any]]:
        for pattern in patterns:
            route = prefix + str(pattern.pattern)
            if hasattr(pattern, "url_patterns"):
                yield from walk(pattern.url_patterns, route)
            else:
                yield route, pattern.callback

    yield from walk(get_resolver(urlconf).url_patterns, "/")


ALL = [(conf, route, view) for conf in ("bpo.urls_client", "bpo.urls_operator") for route, view in views(conf)]


@pytest.mark.parametrize(("conf", "route", "view"), ALL, ids=[f"{conf[9:]}{route}" for conf, route, _ in ALL])
def test_every_view_is_stamped(conf: str, route: str, view: Any) -> None:
    stamp = stamp_of(view)
    assert stamp is not None, f"{route} has no permission: stamp {view.__module__}.{view.__qualname__}"
    if isinstance(stamp, OpenToAll):
        assert stamp.reason
        assert f"{view.__module__}.{view.__qualname__}" in OPEN, f"{route} is open to all and not in the reviewed list"
    if isinstance(stamp, dict):
        assert all(isinstance(permission, Permission | OpenToAll) for permission in stamp.values())
        missing = set(getattr(view, "actions", {}).values()) - set(stamp)
        assert not missing, f"{route}: actions without a permission: {sorted(missing)}"


def test_an_unstamped_view_is_refused_by_name_before_it_runs() -> None:
    def naked(request: Any) -> HttpResponse:
        raise AssertionError("ran")

    request = RequestFactory().get("/")
    request.principal = None  # type: ignore[attr-defined]
    with pytest.raises(UnstampedView, match=r"naked has no permission. Stamp it with @requires"):
        PermissionMiddleware(lambda _: HttpResponse()).process_view(request, naked, (), {})


def test_a_stamped_view_turns_nobody_away_to_sign_in_and_an_open_one_lets_pass() -> None:
    request = RequestFactory().get("/x/")
    request.principal = None  # type: ignore[attr-defined]
    request.urlconf = "bpo.urls_client"  # type: ignore[attr-defined]
    middleware = PermissionMiddleware(lambda _: HttpResponse())
    closed = requires(Permission.SEE_HOME)(lambda request: HttpResponse())
    answer = middleware.process_view(request, closed, (), {})
    assert answer is not None
    assert answer["Location"] == "/sign-in/?next=%2Fx%2F"
    opened = open_to_all("a test")(lambda request: HttpResponse())
    assert middleware.process_view(request, opened, (), {}) is None


def test_an_api_action_without_a_permission_is_refused_by_name() -> None:
    class Naked:
        permissions = {"list": Permission.SEE_CASES}
        action = "destroy"

    with pytest.raises(UnstampedView, match=r"Naked\.destroy has no permission"):
        stamp_for(Naked())


def test_a_celery_task_without_a_scope_refuses_to_run() -> None:
    @app.task(name="test.naked")
    def naked() -> None:
        raise AssertionError("ran")

    try:
        with pytest.raises(NoScope, match=r"test\.naked has no scope"):
            naked()
    finally:
        app.tasks.pop("test.naked")


def test_there_are_no_celery_tasks_but_the_outbox() -> None:
    import bpo.outbox.tasks  # noqa: F401 - registers them

    assert {name for name in app.tasks if not name.startswith("celery.")} == {"bpo.outbox.run", "bpo.outbox.tick"}


def test_a_model_without_a_data_class_is_named_with_the_remedy() -> None:
    class Undeclared(models.Model):
        class Meta:
            app_label = "surveys"

    forget(Undeclared)
    [problem] = problems_of(Undeclared)
    assert problem.startswith("surveys.Undeclared declares no data class. Add `data = DataClass(")


def test_a_foreign_key_from_a_client_to_public_is_named() -> None:
    class Crossing(models.Model):
        data = DataClass(scope="client")
        user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")

        class Meta:
            app_label = "surveys"

    forget(Crossing)
    [problem] = problems_of(Crossing)
    assert "surveys.Crossing.user is a foreign key from a client's schema to public (accounts.User)" in problem


def test_a_model_in_the_wrong_list_is_named() -> None:
    class Misplaced(models.Model):
        data = DataClass(scope="public")

        class Meta:
            app_label = "surveys"

    forget(Misplaced)
    assert problems_of(Misplaced) == ["surveys.Misplaced says scope 'public' but its app is in the other app list."]


def forget(model: type[models.Model]) -> None:
    from django.apps import apps

    apps.all_models["surveys"].pop(model._meta.model_name)
    apps.clear_cache()


def test_every_model_of_ours_is_declared_well() -> None:
    assert [problem for model in managed_models() for problem in problems_of(model)] == []


# --- What the source may not say -------------------------------------------------------------------


def sources(*floors: str) -> list[Path]:
    found = [path for floor in floors for path in (ROOT / floor).rglob("*.py") if "migrations" not in path.parts]
    assert len(found) > 20
    return found


def choosing_a_schema(text: str) -> list[str]:
    """Calls and SQL that choose a schema or a role."""
    banned = ("set_schema", "set_tenant", "schema_context", "tenant_context", "search_path", "SET ROLE", "set_config")
    return [word for word in banned if word in text]


def naive_clock(text: str) -> list[str]:
    """Calls that make a datetime without a zone."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name = node.func.attr
            if name in {"utcnow", "utcfromtimestamp"} or (
                name == "now"
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "datetime"
                and not node.args
                and not node.keywords
            ):
                found.append(f"line {node.lineno}: {name}")
    return found


def test_only_tenancy_chooses_a_schema() -> None:
    assert choosing_a_schema("connection.set_schema('c_x')") == ["set_schema"]
    assert choosing_a_schema("cursor.execute('SET search_path = c_x')") == ["search_path"]
    guilty = {
        str(path.relative_to(ROOT)): words
        for path in sources(*FLOORS)
        if ROOT / "bpo" / "tenancy" not in path.parents and (words := choosing_a_schema(path.read_text()))
    }
    assert guilty == {}


def test_no_clock_is_read_without_a_zone() -> None:
    assert naive_clock("from datetime import datetime\nx = datetime.now()") == ["line 2: now"]
    assert naive_clock("x = datetime.utcnow()") == ["line 1: utcnow"]
    assert naive_clock("x = datetime.now(UTC)") == []
    guilty = {
        str(path.relative_to(ROOT)): found for path in sources(*FLOORS) if (found := naive_clock(path.read_text()))
    }
    assert guilty == {}


CONTRACT = """
[tool.importlinter]
root_packages = ["floors"]
include_external_packages = true
[[tool.importlinter.contracts]]
name = "tower"
type = "layers"
layers = ["floors.upper", "floors.left | floors.right", "floors.lower"]
[[tool.importlinter.contracts]]
name = "pure"
type = "forbidden"
source_modules = ["floors.lower.domain"]
forbidden_modules = ["django"]
"""
GOOD = {
    "upper": "import floors.left",
    "left": "import floors.lower",
    "right": "",
    "lower/__init__": "",
    "lower/domain": "",
}


@pytest.mark.parametrize(
    ("planted", "said"),
    [
        ({}, "Contracts: 2 kept, 0 broken"),
        ({"lower/__init__": "import floors.upper"}, "floors.lower is not allowed to import floors.upper"),
        ({"left": "import floors.right"}, "floors.left is not allowed to import floors.right"),
        ({"lower/domain": "import django"}, "floors.lower.domain is not allowed to import django"),
    ],
    ids=["clean", "up the tower", "across the tower", "django in a domain"],
)
def test_a_planted_import_breaks_a_contract_of_the_same_shape(
    tmp_path: Path, planted: dict[str, str], said: str
) -> None:
    (tmp_path / "floors" / "lower").mkdir(parents=True)
    (tmp_path / "floors" / "__init__.py").touch()
    for name, text in {**GOOD, **planted}.items():
        (tmp_path / "floors" / f"{name}.py").write_text(text)
    (tmp_path / "pyproject.toml").write_text(CONTRACT)
    tool = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([tool, "--no-cache"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert said in done.stdout, done.stdout
    assert (done.returncode == 0) is (not planted)


def test_a_domain_module_runs_where_django_is_absent() -> None:
    modules = [
        str(path.relative_to(ROOT)).removesuffix(".py").replace("/", ".").removesuffix(".__init__")
        for floor in FLOORS
        for path in (ROOT / floor).rglob("domain/*.py")
    ]
    assert len(modules) > 5
    code = "import sys, importlib\nfor name in sys.argv[1:]: importlib.import_module(name)\nassert 'django' not in sys.modules"
    done = subprocess.run([sys.executable, "-c", code, *modules], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


# --- Settings ---------------------------------------------------------------------------------------


def start(**environment: str) -> subprocess.CompletedProcess[str]:
    import os

    code = "import django; django.setup(); from django.conf import settings; print(settings.OWNER)"
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "bpo.settings", **environment}
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("BPO_STORE_SIZE", "many", "BPO_STORE_SIZE must be a whole number"),
        ("BPO_STORE_SIZE", "0", "BPO_STORE_SIZE is 0; give a number from 1"),
        ("BPO_DEBUG", "perhaps", "BPO_DEBUG must be 1 or 0"),
        ("BPO_SCHEME", "gopher", "BPO_SCHEME is 'gopher'; choose one of http, https"),
        ("DATABASE_URL", "mysql://x/y", "DATABASE_URL must look like postgresql://"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_its_name_and_the_remedy(name: str, value: str, said: str) -> None:
    done = start(**{name: value})
    assert done.returncode != 0
    assert said in done.stderr


def test_web_and_workers_never_hold_the_owner() -> None:
    assert start(BPO_MAY_OWN="0").stdout.strip() == "None"
    for entry in ("bpo.wsgi", "bpo.celery"):
        text = (ROOT / entry.replace(".", "/")).with_suffix(".py").read_text()
        assert '"BPO_MAY_OWN"' in text


def test_the_owner_is_refused_where_it_is_not_held(monkeypatch: pytest.MonkeyPatch) -> None:
    from bpo.tenancy import identities

    monkeypatch.setattr(identities, "settings", SimpleNamespace(OWNER=None))
    with pytest.raises(RuntimeError, match="may not act as the database owner"):
        identities.owner_identity()
