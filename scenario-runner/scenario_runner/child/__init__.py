"""The child process: pytest with the suite in it, where step code runs."""
