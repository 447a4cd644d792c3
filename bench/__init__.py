"""The project's own measurements: `make bench`. Ratios of what we do to the floor beneath it, in one run."""
