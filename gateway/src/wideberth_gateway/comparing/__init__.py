"""Two analyses of the same recording, and what changed between them."""
