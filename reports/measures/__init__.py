"""What is measured: each figure with its definition, its counts and its interval."""

from reports.measures.figure import Figure
from reports.measures.registry import DEFINITIONS, DEFINITIONS_VERSION, Definition, figures, week_figures

__all__ = ["DEFINITIONS", "DEFINITIONS_VERSION", "Definition", "Figure", "figures", "week_figures"]
