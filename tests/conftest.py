"""For all tests that cross packages."""

import os

# What is tested here is not who may do it; what is about access turns the gate on for itself.
os.environ.setdefault("WIDEBERTH_GATEWAY_ACCESS", "open")
