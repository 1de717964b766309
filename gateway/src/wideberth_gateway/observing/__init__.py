"""What an operator sees of a gateway: numbers, lines of a log, spans."""
