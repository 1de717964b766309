"""Analyses: originals come in, a job runs, results are handed out."""
