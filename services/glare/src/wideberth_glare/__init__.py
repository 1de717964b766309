"""Sun glint taken out of frames of the sea, without vessels and animals."""

SERVICE = "glare"
VERSION = "0.1.0"
