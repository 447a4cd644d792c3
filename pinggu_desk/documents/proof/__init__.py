"""Offline proof (验真): the record in a paper, its check, the public keys."""
