"""The demo world: invented people, clients and eight weeks of work, from one seed.

`world.build` is pure. `load.py` writes what every area stands on; each area then adds one module with
`seed(world, *, now)`, idempotent and quick, and its dotted name to AREAS, in the order they run.
"""

from typing import Final

# Rollups count what the others wrote, so "console" stays last.
AREAS: Final[tuple[str, ...]] = (
    "surveying",
    "recordings",
    "leaving",
    "scheduling",
    "time_off",
    "qa",
    "knowledge",
    "outbound",
    "reports",
    "console",
)
