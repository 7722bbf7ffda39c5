"""The script that makes the environment, on a project whose lock is empty so that nothing is downloaded."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPO = Path(__file__).parents[3]
# A Python as Debian has it without python3-venv: environments come without pip, and pip installs from outside.
BARE = """#!/bin/sh
case "$*" in *"-m venv .venv") exit 1 ;; esac
exec {python} "$@"
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "a clone"
    (folder / "scripts").mkdir(parents=True)
    shutil.copy(REPO / "scripts" / "bootstrap.sh", folder / "scripts")
    for lock in ("requirements.txt", "requirements-dev.txt"):
        (folder / lock).write_text("# nothing\n")
    (tmp_path / "bin").mkdir()
    for tool in ("sh", "dirname", "cmp", "cp", "date", "rm", "mkdir"):
        (tmp_path / "bin" / tool).symlink_to(str(shutil.which(tool)))
    return folder


def offer(project: Path, name: str, script: str) -> None:
    path = project.parent / "bin" / name
    path.write_text(script)
    path.chmod(0o755)


def offer_python(project: Path, script: str = '#!/bin/sh\nexec {python} "$@"\n') -> None:
    # The interpreter below the suite's own environment: that one's pip would install there.
    base = Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info[1]}"
    offer(project, "python3", script.format(python=base))


def bootstrap(project: Path, *arguments: str, **env: str) -> "subprocess.CompletedProcess[str]":
    variables = {"PATH": str(project.parent / "bin"), **env}
    command = ["sh", str(project / "scripts" / "bootstrap.sh"), *arguments]
    return subprocess.run(command, env=variables, capture_output=True, text=True, check=False)


def works(project: Path) -> bool:
    return subprocess.run([project / ".venv" / "bin" / "python", "-c", ""], check=False).returncode == 0


@pytest.fixture
def with_uv(project: Path) -> Path:
    """A project on a machine with uv. uv isn't part of the suite's environment: a stand-in writes what it is asked."""
    offer_python(project)
    stand_in = """#!/bin/sh
echo "$@" >> asked
case "$*" in
    venv*) exec python3 -m venv --without-pip .venv ;;
    *) ! grep -q no-such-package requirements.txt ;;
esac
"""
    offer(project, "uv", stand_in)
    (project.parent / "bin" / "grep").symlink_to(str(shutil.which("grep")))
    return project


def test_uv_is_used_where_present_and_told_to_compile(with_uv: Path) -> None:
    done = bootstrap(with_uv)
    assert done.returncode == 0, done.stderr
    made, installed = (with_uv / "asked").read_text().splitlines()
    assert made.startswith("venv --quiet --clear --python python3")
    assert installed.endswith("--compile-bytecode --require-hashes -r requirements.txt")


def test_it_makes_the_environment_once_and_again_when_the_lock_changes(with_uv: Path) -> None:
    assert bootstrap(with_uv).stdout.startswith("Installing requirements.txt into .venv …")
    assert works(with_uv)
    assert bootstrap(with_uv).stdout == ""
    (with_uv / "requirements.txt").write_text("# nothing else\n")
    assert "Installing requirements.txt" in bootstrap(with_uv).stdout


def test_an_environment_for_development_serves_the_demo_too(with_uv: Path) -> None:
    bootstrap(with_uv)
    assert "Installing requirements-dev.txt" in bootstrap(with_uv, "--dev").stdout
    assert bootstrap(with_uv).stdout == ""


@pytest.mark.parametrize("home", [{}, {"HOME": "/nonexistent"}])
def test_it_needs_no_home(with_uv: Path, home: dict[str, str]) -> None:
    assert bootstrap(with_uv, **home).returncode == 0
    assert (with_uv / "var" / "home").is_dir()


def test_a_failed_installation_is_done_again(with_uv: Path) -> None:
    (with_uv / "requirements.txt").write_text("no-such-package==1\n")
    assert bootstrap(with_uv).returncode != 0
    assert bootstrap(with_uv).returncode != 0
    (with_uv / "requirements.txt").write_text("# nothing\n")
    assert bootstrap(with_uv).returncode == 0


def test_without_a_new_enough_python_it_says_so(project: Path) -> None:
    offer(project, "python3", "#!/bin/sh\nexit 1\n")
    done = bootstrap(project)
    assert done.returncode == 1
    assert "no Python 3.11 or newer on PATH. Install one, or set PYTHON to it" in done.stderr


@pytest.mark.outside
def test_without_uv_an_environment_with_pip_is_made(project: Path) -> None:
    offer_python(project)
    assert bootstrap(project).returncode == 0
    assert (project / ".venv" / "bin" / "pip").exists()


@pytest.mark.outside
def test_without_python3_venv_the_systems_pip_installs_from_outside(project: Path) -> None:
    offer_python(project, BARE)
    done = bootstrap(project)
    assert done.returncode == 0, done.stderr
    assert works(project)
    assert not (project / ".venv" / "bin" / "pip").exists()
    assert bootstrap(project).stdout == ""
