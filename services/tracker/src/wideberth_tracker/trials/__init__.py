"""Trials of the tracker: a sea in numbers with exact truth, and the scores of multi-object tracking. Pure, no files."""
