"""Screens of leaving on the operator's host."""
