"""Evidence: what an alert rests on, packed so that anyone can check that not one byte of it has changed."""
