"""Starting, finding, killing, moving and removing embedded servers."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from bpo.embedded import binaries, places, postgres, postmaster
from bpo.embedded.postgres import PostgresError, Server

REPO = Path(__file__).parents[3]


def write(server: Server, text: str) -> None:
    with psycopg.connect(server.owner_url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (text text)")
        connection.execute("INSERT INTO kept VALUES (%s)", [text])


def read(server: Server) -> list[str]:
    with psycopg.connect(server.owner_url) as connection:
        return [row[0] for row in connection.execute("SELECT text FROM kept ORDER BY text")]


def pid_of(server: Server) -> int:
    found = postmaster.read(server.data)
    assert found is not None
    return found.pid


def test_a_second_start_finds_the_running_server(open_folder: Path) -> None:
    first = postgres.ensure(open_folder, fast=True)
    second = postgres.ensure(open_folder, fast=True)
    assert (first.found_running, second.found_running) == (False, True)
    assert first.owner_url == second.owner_url


def test_data_survives_stop_and_start(open_folder: Path) -> None:
    write(postgres.ensure(open_folder, fast=True), "one")
    assert postgres.stop(open_folder)
    assert not postgres.stop(open_folder)
    again = postgres.ensure(open_folder, fast=True)
    assert not again.found_running
    assert read(again) == ["one"]


def test_a_killed_server_starts_again_at_once_with_its_data(open_folder: Path) -> None:
    for text in ("a", "b", "c"):
        server = postgres.ensure(open_folder)
        write(server, text)
        os.kill(pid_of(server), signal.SIGKILL)
    assert read(postgres.ensure(open_folder)) == ["a", "b", "c"]


def test_a_killed_server_with_a_session_still_open_starts_again(open_folder: Path) -> None:
    server = postgres.ensure(open_folder)
    write(server, "open")
    session = psycopg.connect(server.owner_url)
    busy = subprocess.Popen([sys.executable, "-c", SLEEPING, server.owner_url], stderr=subprocess.DEVNULL)
    time.sleep(0.5)
    os.kill(pid_of(server), signal.SIGKILL)
    assert read(postgres.ensure(open_folder)) == ["open"]
    busy.wait(timeout=30)
    session.close()


SLEEPING = "import psycopg, sys; psycopg.connect(sys.argv[1]).execute('SELECT pg_sleep(2)')"


def test_a_pid_file_that_names_a_stranger_or_a_zombie_is_no_obstacle(open_folder: Path, zombie: int) -> None:
    server = postgres.ensure(open_folder)
    write(server, "kept")
    for pid in (os.getpid(), zombie):
        os.kill(pid_of(server), signal.SIGKILL)
        path = server.data / "postmaster.pid"
        path.write_text("\n".join([str(pid), *path.read_text().splitlines()[1:]]) + "\n")
        server = postgres.ensure(open_folder)
        assert not server.found_running
        assert read(server) == ["kept"]


@pytest.fixture
def zombie() -> Iterator[int]:
    """The number of a process that ended and that nobody waited for yet."""
    child = subprocess.Popen(["true"])
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    yield child.pid
    child.wait()


def test_two_processes_that_start_together_share_one_server(open_folder: Path) -> None:
    context = multiprocessing.get_context("spawn")
    with context.Pool(2) as pool:
        servers = pool.starmap(postgres.ensure, [(open_folder,), (open_folder,)])
    assert sorted(server.found_running for server in servers) == [False, True]


def test_the_server_outlives_the_process_that_started_it(open_folder: Path) -> None:
    code = f"from pathlib import Path; from bpo.embedded import postgres; postgres.ensure(Path({str(open_folder)!r}))"
    subprocess.run([sys.executable, "-c", code], cwd=REPO, check=True, start_new_session=True)
    server = postgres.ensure(open_folder)
    assert server.found_running
    assert os.getsid(pid_of(server)) != os.getsid(0)


def test_changed_speed_reaches_a_running_server(open_folder: Path) -> None:
    postgres.ensure(open_folder, fast=True)
    server = postgres.ensure(open_folder, fast=False)
    time.sleep(0.2)
    with psycopg.connect(server.owner_url) as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("on",)


def test_a_private_folder_works_and_keeps_its_permissions(private_folder: Path) -> None:
    parents = {path: path.stat().st_mode for path in private_folder.parents}
    server = postgres.ensure(private_folder, fast=True)
    write(server, "private")
    assert {path: path.stat().st_mode for path in private_folder.parents} == parents
    postgres.stop(private_folder)
    assert read(postgres.ensure(private_folder, fast=True)) == ["private"]


def test_a_folder_removed_by_hand_starts_with_new_data(private_folder: Path) -> None:
    old = postgres.ensure(private_folder, fast=True)
    subprocess.run(["rm", "-rf", str(private_folder)], check=True)
    new = postgres.ensure(private_folder, fast=True)
    assert new.owner_url != old.owner_url
    assert not new.found_running


def test_a_long_path_gets_a_short_socket_folder_and_a_reset_removes_it(open_folder: Path) -> None:
    deep = open_folder.parent / ("Folder with spaces and Capitals " * 3) / "postgres"
    deep.parent.mkdir()
    server = postgres.ensure(deep, fast=True)
    write(server, "deep")
    assert len(os.fsencode(server.socket_dir)) < 100
    assert postgres.ensure(deep).found_running
    postgres.destroy(deep)
    assert not server.socket_dir.exists()
    assert not deep.exists()


def test_passwords_lost_under_kept_data_are_named_with_the_remedy(open_folder: Path) -> None:
    server = postgres.ensure(open_folder, fast=True)
    pid = pid_of(server)
    secrets = open_folder / "secrets.json"
    kept = secrets.read_text()
    secrets.unlink()
    with pytest.raises(PostgresError, match="make demo-reset"):
        postgres.ensure(open_folder, fast=True)
    secrets.write_text(kept)
    assert pid_of(postgres.ensure(open_folder, fast=True)) == pid


def test_a_server_that_can_not_start_says_why(open_folder: Path) -> None:
    server = postgres.ensure(open_folder, fast=True)
    postgres.stop(open_folder)
    with (server.data / "postgresql.conf").open("a") as handle:
        handle.write("no_such_setting = 1\n")
    with pytest.raises(PostgresError, match="no_such_setting"):
        postgres.ensure(open_folder, fast=True)


def test_an_unusable_pg_bin_is_named(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PG_BIN", "/nowhere")
    with pytest.raises(PostgresError, match="PG_BIN /nowhere: has no program initdb"):
        postgres.ensure(open_folder)


def test_the_server_never_runs_as_root(open_folder: Path) -> None:
    server = postgres.ensure(open_folder, fast=True)
    assert Path(f"/proc/{pid_of(server)}").stat().st_uid != 0


def test_programs_the_account_can_not_reach_are_copied_with_their_libraries(
    private_folder: Path, open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As root a venv below a private folder; an ordinary user's own is always within reach, and stays."""
    found = binaries.find()
    hidden = binaries.copy_package(found, private_folder.parent / "venv")
    monkeypatch.setattr(binaries, "find", lambda: hidden)
    server = postgres.ensure(open_folder, fast=True)
    write(server, "reached")
    copies = list(open_folder.glob("programs-*"))
    assert len(copies) == (1 if os.geteuid() == 0 else 0)


def test_an_ordinary_user_starts_finds_and_revives_a_server(open_folder: Path) -> None:
    """As root the scenario runs as `nobody`, who has no home; an ordinary user runs it as himself."""
    programs = binaries.copy_package(binaries.find(), open_folder.parent / "programs")
    folder = open_folder.parent / "user"
    folder.mkdir()
    if os.geteuid() == 0:
        os.chown(folder, 65534, 65534)
    folder.chmod(0o700)
    environment = {"PG_BIN": str(programs.folder), "PYTHONPATH": str(REPO), "PATH": os.defpath}
    script = Path(__file__).with_name("ordinary_user.py")
    done = subprocess.run(
        [sys.executable, script, str(folder / "postgres")], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["False kept peer", "True kept peer", "False kept peer", "stopped"]


def test_the_first_socket_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    account = places.Account("me", os.geteuid(), os.getegid(), other=False)
    with pytest.raises(PostgresError, match="belongs to another account"):
        places.own_socket_folder(tmp_path / "link", account)


@pytest.mark.outside
def test_the_systems_postgresql_15_serves_with_passwords(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PG_BIN", "/usr/lib/postgresql/15/bin")
    server = postgres.ensure(open_folder)
    write(server, "fifteen")
    assert (server.version, server.auth) == (15, "scram")
    with psycopg.connect(server.owner_url, autocommit=True) as connection:
        connection.execute("CREATE ROLE bpo_app LOGIN PASSWORD 'given'")
        connection.execute("GRANT CONNECT ON DATABASE bpo TO bpo_app")
    with pytest.raises(psycopg.OperationalError, match="no password supplied"):
        psycopg.connect(host=str(server.socket_dir), user="bpo_app", dbname="bpo")
    psycopg.connect(host=str(server.socket_dir), user="bpo_app", dbname="bpo", password="given").close()
    os.kill(pid_of(server), signal.SIGKILL)
    assert read(postgres.ensure(open_folder)) == ["fifteen"]
