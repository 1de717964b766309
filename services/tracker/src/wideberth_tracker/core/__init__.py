"""The verb *track* as pure functions: no HTTP, no settings, no clock, no state between calls."""
