"""Packs (政策包) as files: built, signed, installed, held against each other, rolled back, and drafted from a text."""
