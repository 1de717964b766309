"""The season: encounters of all analyses, those that broke a rule and those that did not."""
