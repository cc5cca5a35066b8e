"""The one door to each thing outside: processes, git, workflow commands, files."""
