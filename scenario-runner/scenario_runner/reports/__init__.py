"""Further forms of a run's report, for people and for tools. None of them decides anything."""
