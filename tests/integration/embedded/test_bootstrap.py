"""The script that makes the environment, on a project whose lock is empty so that nothing is downloaded."""

import os
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


def test_it_makes_the_environment_once_and_again_when_the_lock_changes(project: Path) -> None:
    offer_python(project)
    first = bootstrap(project)
    assert (first.returncode, first.stdout[:40]) == (0, "Installing requirements.txt into .venv …"), first.stderr
    assert works(project)
    assert bootstrap(project).stdout == ""
    (project / "requirements.txt").write_text("# nothing else\n")
    assert "Installing requirements.txt" in bootstrap(project).stdout
    assert "Installing requirements-dev.txt" in bootstrap(project, "--dev").stdout
    assert bootstrap(project).stdout == ""


@pytest.mark.parametrize("home", [{}, {"HOME": "/nonexistent"}])
def test_it_needs_no_home(project: Path, home: dict[str, str]) -> None:
    offer_python(project)
    assert bootstrap(project, **home).returncode == 0
    assert works(project)


def test_without_python3_venv_the_systems_pip_installs_from_outside(project: Path) -> None:
    offer_python(project, BARE)
    done = bootstrap(project)
    assert done.returncode == 0, done.stderr
    assert works(project)
    assert not (project / ".venv" / "bin" / "pip").exists()
    assert bootstrap(project).stdout == ""


def test_without_a_new_enough_python_it_says_so(project: Path) -> None:
    offer(project, "python3", "#!/bin/sh\nexit 1\n")
    done = bootstrap(project)
    assert done.returncode == 1
    assert "no Python 3.11 or newer on PATH. Install one, or set PYTHON to it" in done.stderr


def test_a_failed_installation_is_done_again(project: Path) -> None:
    offer_python(project)
    (project / "requirements.txt").write_text("no-such-package==1 --hash=sha256:" + "0" * 64 + "\n")
    assert bootstrap(project, PIP_NO_INDEX="1").returncode != 0
    (project / "requirements.txt").write_text("# nothing\n")
    assert "Installing" in bootstrap(project).stdout


def test_uv_is_used_where_present_and_told_to_compile(project: Path) -> None:
    """uv itself is not part of the suite's environment, so a stand-in shows what it is asked."""
    offer_python(project)
    offer(project, "uv", '#!/bin/sh\necho "$@" >> "$LOG"\n[ "$1" != venv ] || python3 -m venv --without-pip .venv\n')
    log = project.parent / "asked"
    done = bootstrap(project, LOG=str(log))
    assert done.returncode == 0, done.stderr
    made, installed = log.read_text().splitlines()
    assert made.startswith("venv --quiet --clear --python python3")
    assert "--compile-bytecode --require-hashes -r requirements.txt" in installed
    assert os.path.exists(project / ".venv" / "installed")
