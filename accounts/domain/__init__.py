"""Pure rules of sign-in: no Django, no clock."""
