"""Versions of specs: git is the store."""

from factory.spec.versions.check import check_versions

__all__ = ["check_versions"]
