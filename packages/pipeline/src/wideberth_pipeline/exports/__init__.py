"""A finished analysis in the forms of other programs."""
