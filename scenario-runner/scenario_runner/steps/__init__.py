"""The step library: phrases that read as English and need no code. One module a subject matter."""
