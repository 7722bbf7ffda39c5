"""Screens of people on the operator's host."""
