"""What a scenario talks to: a service at a URL, or a command."""
