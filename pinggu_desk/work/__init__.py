"""What the desk and the command line both do: a visit's papers, a list, checking, verifying, packs."""
