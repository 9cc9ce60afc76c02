"""Web: what every service's pages and JSON API share."""
