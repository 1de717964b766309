"""What a replay needs: the video as it came, what was seen in each frame, and metres between two points of one."""
