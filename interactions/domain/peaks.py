"""How loud a sound is, four times a second, gathered block by block."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

PER_SECOND: Final = 4  # a call of 75 seconds fills the 300 bars that a page draws
NAMES: Final = ("agent", "customer")


class Peaks:
    """The loudest sample of each quarter of a second and channel, 0..255 of full scale.

    Blocks come in order, each of whole seconds but the last. One channel is the agent's; the first of two is.
    """

    def __init__(self, rate: int, channels: int) -> None:
        self._rate, self._channels = rate, min(channels, len(NAMES))
        self._parts: list[NDArray[np.int64]] = []

    def add(self, block: NDArray[np.int16]) -> None:
        quarters = np.arange(-(-len(block) * PER_SECOND // self._rate) + 1) * self._rate // PER_SECOND
        starts = quarters[quarters < len(block)]
        if len(starts) == 0:
            return
        high = np.maximum.reduceat(block, starts, axis=0).astype(np.int64)
        low = np.minimum.reduceat(block, starts, axis=0).astype(np.int64)
        self._parts.append(np.maximum(high, -low).clip(max=32_767) * 255 // 32_767)

    def as_dict(self) -> dict[str, Any]:
        """{"per_second": 4, "agent": […], "customer": […]}; a sound with one channel has "agent" alone."""
        loud = np.concatenate(self._parts) if self._parts else np.zeros((0, self._channels), np.int64)
        return {"per_second": PER_SECOND} | {
            name: loud[:, n].tolist() for n, name in enumerate(NAMES[: self._channels])
        }
