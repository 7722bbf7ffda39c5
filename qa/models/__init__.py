"""Scorecards, evaluations and coaching."""
