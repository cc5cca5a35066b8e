"""Two readings of a spec by a model, and where they differ: the optional part of the gate."""

from factory.spec.asking.asking import Asked, ask

__all__ = ["Asked", "ask"]
