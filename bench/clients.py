"""Opening and migrating many clients. SIZE says how many, 5 and 50 unless told: `SIZE=200 python -m bench clients`.

STANDARD says how many of them the standard executor migrates at most, for who has no minutes: its time counts for all.
"""

import os
import subprocess
import sys

from bench.tenancy import ROOT, installation


def main() -> None:
    sizes, standard = wanted(os.environ.get("SIZE", "5,50")), wanted(os.environ.get("STANDARD", "0"))[0] or None
    with installation() as (_, env):
        code = f"from bench.many import measure; measure({sizes}, standard={standard})"
        subprocess.run([sys.executable, "manage.py", "shell", "-v0", "-c", code], cwd=ROOT, env=env, check=True)


def wanted(text: str) -> list[int]:
    """`5,50` as numbers; SystemExit when it is anything else."""
    try:
        return [int(part) for part in text.split(",")]
    except ValueError:
        raise SystemExit(f"SIZE is one number, or several with commas between, such as 5,50; not {text!r}.") from None
