"""A real browser that the subject's pages run in, walled off from everything but the subject."""
