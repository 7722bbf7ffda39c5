"""Reading the product's own source, for what must not be in it."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent.parent
FLOORS = (
    "bpo", "accounts", "workforce", "attrition", "interactions", "scheduling", "qa", "surveys", "reports", "console",
)  # fmt: skip


def found_in_source(pattern: str) -> list[str]:
    """Lines of the product that match, as file:line."""
    wanted = re.compile(pattern)
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for floor in FLOORS
        for path in sorted((ROOT / floor).rglob("*.py"))
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if wanted.search(line)
    ]
