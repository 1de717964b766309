"""The filter itself: arrays in, arrays out; no HTTP, no settings, no environment."""
