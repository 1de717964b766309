"""Keeping: nothing that was computed or decided is lost, and what is deleted is deleted by a rule and said to be."""
