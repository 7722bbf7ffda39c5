"""Database backend whose login is the tenant."""
