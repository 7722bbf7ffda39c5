"""What planners change in a forecast, kept apart from what the model said."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Edit:
    """Over a stretch of time, half-open: the volume times `factor`, or `volume` in each interval."""

    begins: datetime
    ends: datetime
    factor: float | None = None
    volume: float | None = None

    def on(self, volume: float) -> float:
        return self.volume if self.volume is not None else volume * (1.0 if self.factor is None else self.factor)


def edited(points: Sequence[tuple[datetime, float]], edits: Iterable[Edit]) -> list[float]:
    """The volumes with every edit on them, in the order they were made: a later one works on what an earlier left."""
    volumes = [volume for _at, volume in points]
    for edit in edits:
        for place, (at, _volume) in enumerate(points):
            if edit.begins <= at < edit.ends:
                volumes[place] = edit.on(volumes[place])
    return volumes
