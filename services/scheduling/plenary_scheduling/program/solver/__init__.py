"""Automatic placement: sessions into rooms and times. Frozen problem in, frozen solution out, the same for the same seed; no database."""
