"""Files of tens of GB over lines that drop: tus 1.0, acknowledged only once it is on disk."""
