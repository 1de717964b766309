"""The verb *detect*: a frame in, oriented boxes out."""
