"""Specs: read them, check them, gather what an agent gets with them."""
