"""bpo: an operations platform for business process outsourcers."""
