"""The verb *screen*: a track's best crops in, animal or clutter out."""
