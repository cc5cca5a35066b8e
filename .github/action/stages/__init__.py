"""One module for each stage: from the action's inputs to an exit code."""
