"""`make bench`: figures beside baselines that do the same work in the same run, one JSON object a line.

`python -m bench erlang` runs the named parts alone. A part is a module here with a `main()`.
"""

import importlib
import sys
from typing import Final

PARTS: Final = (
    "tenancy",
    "clients",
    "erlang",
    "forecast",
    "shifts",
    "rosters",
    "repairs",
    "review",
    "people",
    "answers",
    "transitions",
    "board",
)


def main(names: list[str]) -> None:
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        raise SystemExit(f"No part is called {unknown[0]!r}. There are {', '.join(PARTS)}.")
    for name in names or PARTS:
        importlib.import_module(f"bench.{name}").main()


if __name__ == "__main__":
    main(sys.argv[1:])
