"""Dark Factory: a merged spec becomes judged, shipped software."""

__version__ = "0.1.0"
