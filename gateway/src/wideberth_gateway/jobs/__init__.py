"""Long jobs that survive a killed process."""
