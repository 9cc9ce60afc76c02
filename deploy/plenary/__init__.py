"""The composer and the command line: starts the services together or apart."""
