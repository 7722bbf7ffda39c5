"""Two people changed the same text: what fits together, and what somebody has to choose."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Field:
    """One field three ways. `conflict`: both changed it, and not to the same."""

    key: str
    before: Any
    theirs: Any
    mine: Any

    @property
    def conflict(self) -> bool:
        return self.mine not in (self.before, self.theirs) and self.theirs != self.before

    @property
    def result(self) -> Any:
        """What stands without a choice: whoever changed it. Of a conflict it is mine."""
        return self.theirs if self.mine == self.before else self.mine


def merged(before: Mapping[str, Any], theirs: Mapping[str, Any], mine: Mapping[str, Any]) -> list[Field]:
    """Each field of `theirs`, in its order. One that isn't in `before` counts as changed by both."""
    return [Field(key, before.get(key), value, mine.get(key, value)) for key, value in theirs.items()]
