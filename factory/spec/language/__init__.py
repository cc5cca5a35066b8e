"""English as specs use it: words, phrases, sentences and bounds, each with its place."""
