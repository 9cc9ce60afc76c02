"""The commands of `plenary`, a module for each theme; `plenary.cli` puts them together."""
