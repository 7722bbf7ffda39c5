"""From history to a published schedule."""
