"""The contracts: the facts and words that the services share."""
