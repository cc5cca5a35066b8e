"""What each kind of spec is asked: its sections, in their order."""

from __future__ import annotations

SECTIONS = {
    "feature": (
        "What",
        "Who",
        "Inputs",
        "Outputs",
        "Rules",
        "Edge cases",
        "Evaluation",
        "Constraints",
    ),
    "architecture": (
        "What",
        "Who",
        "Components",
        "Seams",
        "Data flow",
        "Never",
        "Targets",
        "Evaluation",
    ),
    "constraint": ("What", "Applies to", "Constraints", "Evaluation"),
}
