"""The pure core: no web framework, no settings, no environment."""
