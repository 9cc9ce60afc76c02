"""Pages about one's own proposals."""
