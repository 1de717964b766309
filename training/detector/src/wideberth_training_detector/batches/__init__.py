"""Training pictures made in batches with torch, on whatever device trains: water, sprites, lens, labels."""
