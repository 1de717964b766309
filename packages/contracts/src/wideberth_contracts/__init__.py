"""What Wideberth's services say to each other: types, units, errors, ports. Depends on pydantic alone."""
