"""Why and when people leave."""

from attrition.models.separation import Separation

__all__ = ["Separation"]
