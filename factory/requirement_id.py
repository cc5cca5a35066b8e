"""What the id of a requirement looks like: in specs, in the tags of scenarios, in records."""

from __future__ import annotations

PATTERN = r"[REC][1-9][0-9]{0,2}"
"""A letter and a number from 1 to 999. A record that names another id is refused."""
