"""Screens of the planner and of the agent."""
