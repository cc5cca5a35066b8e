"""The one door to git. Every call has a clean environment and trusts no repository's settings."""
