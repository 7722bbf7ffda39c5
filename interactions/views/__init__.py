"""Screens of the floor."""
