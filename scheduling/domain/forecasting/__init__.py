"""From what arrived to what will: history by day and slot, models, events, and the trial that chooses between them."""

from scheduling.domain.forecasting.backtest import Backtest, Tried, backtest
from scheduling.domain.forecasting.band import band
from scheduling.domain.forecasting.events import Effect, Event
from scheduling.domain.forecasting.history import History, Observed, read
from scheduling.domain.forecasting.models import MIDDLE, MODELS, NAIVE, RECENT, SEASONS, WEEKDAY, Said, said

__all__ = [
    "MIDDLE", "MODELS", "NAIVE", "RECENT", "SEASONS", "WEEKDAY", "Backtest", "Effect", "Event", "History", "Observed",
    "Said", "Tried", "backtest", "band", "read", "said",
]  # fmt: skip
