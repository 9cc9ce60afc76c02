"""The API of the program: what the public reads, and the desk at which chairs build it."""
