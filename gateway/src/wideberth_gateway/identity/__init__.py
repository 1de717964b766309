"""Who was it: reports of vessels (AIS) put to the tracks of a camera. Files and sockets in, vessel identities out."""
