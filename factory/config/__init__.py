"""factory.yml and scenarios.yml: read, checked against one JSON Schema, with line and column."""
