"""Matching steps to their definitions and running them; knows no pytest collection."""
