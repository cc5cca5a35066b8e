"""What the feature files say: found, parsed, checked; nothing is executed here."""
