"""Analyses, rules and alerts behind one HTTP service. Talks to ports; knows no model and no service."""
