"""Why and when people leave: separations, rates, survival."""
