"""The demo's folder: secrets, lock, environments, reset."""

import json
from pathlib import Path

import pytest

from bpo.embedded.installation import (
    AlreadyRunning,
    Installation,
    Ports,
    choose_ports,
    environments,
    without_password,
)

URL = "postgresql://bpo_owner:s3cret@:5432/bpo?host=%2Fvar%2Fs"


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    for name in ("SECRET_KEY", "BPO_DB_MASTER_KEY", "BPO_BASE", "CELERY_BROKER_URL"):
        monkeypatch.delenv(name, raising=False)
    return Installation(tmp_path)


def test_secrets_are_made_once_and_are_private(installation: Installation) -> None:
    first = installation.secrets()
    assert first == Installation(installation.var).secrets()
    assert first["SECRET_KEY"] != first["BPO_DB_MASTER_KEY"]
    assert (installation.var / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_secrets_of_the_environment_come_first(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "given")
    assert installation.secrets()["SECRET_KEY"] == "given"


def test_only_one_demo_runs_in_a_folder_and_the_other_is_told_where(installation: Installation) -> None:
    installation.summary.write_text(json.dumps({"base": "localhost:8001"}))
    with installation.locked():
        with pytest.raises(AlreadyRunning, match=r"runs already at http://ops\.localhost:8001/"):
            with installation.locked():
                pass
    with installation.locked():
        pass


def test_what_serves_requests_gets_the_address_but_not_the_owners_password(installation: Installation) -> None:
    env = environments(installation, URL, "peer", Ports(8001, 1026, 8026))
    assert env.owner["DATABASE_URL"] == URL
    assert env.plain["DATABASE_URL"] == "postgresql://bpo_owner@:5432/bpo?host=%2Fvar%2Fs"
    assert "s3cret" not in "".join(env.plain.values())
    assert (env.owner["BPO_MAY_OWN"], env.plain["BPO_MAY_OWN"]) == ("1", "0")
    assert (env.plain["BPO_BASE"], env.plain["EMAIL_PORT"], env.plain["BPO_DB_AUTH"]) == (
        "localhost:8001",
        "1026",
        "peer",
    )


def test_a_broker_of_the_environment_is_used_and_its_mail_server_never(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CELERY_BROKER_URL", "redis://elsewhere")
    monkeypatch.setenv("EMAIL_HOST", "smtp.example.com")
    env = environments(installation, URL, "peer", Ports(8001, 1026, 8026))
    assert (env.plain["CELERY_BROKER_URL"], env.plain["EMAIL_HOST"]) == ("redis://elsewhere", "127.0.0.1")


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("postgresql://o:p%40s@db.example.com:5433/bpo", "postgresql://o@db.example.com:5433/bpo"),
        ("postgresql://o@/bpo", "postgresql://o@/bpo"),
        ("postgresql://db/bpo?sslmode=require", "postgresql://db/bpo?sslmode=require"),
    ],
)
def test_a_url_loses_its_password_and_nothing_else(url: str, address: str) -> None:
    assert without_password(url) == address


def test_the_three_ports_differ_and_the_wished_base_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BPO_BASE", "localhost:1025")
    ports, _ = choose_ports()
    ports.release()
    assert len({ports.web, ports.smtp, ports.mail}) == 3
    assert ports.web >= 1025


def test_a_reset_removes_the_demos_data_and_leaves_the_suites(installation: Installation) -> None:
    for name in ("mail", "files", "tests"):
        (installation.var / name).mkdir()
    installation.secrets()
    with installation.locked():
        installation.reset()
    assert sorted(path.name for path in installation.var.iterdir()) == ["demo.lock", "tests"]
