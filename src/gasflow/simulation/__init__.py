"""Tables to arrays to answers."""
