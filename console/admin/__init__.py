"""What the operator's admin lists: every public model of ours, read-only. Changes go through the services' screens."""

from console.admin import accounts, attrition, operations, workforce

__all__ = ["accounts", "attrition", "operations", "workforce"]
