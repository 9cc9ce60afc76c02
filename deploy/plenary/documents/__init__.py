"""Documents that are generated from the code: what the services publish, and who listens to it."""
