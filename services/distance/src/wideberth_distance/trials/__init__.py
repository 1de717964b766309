"""Trials against known truth: made scenes, surveyed pictures, real telemetry. Used by tests and benches alike."""
