"""The commands of the `wideberth` program, one module a family."""
