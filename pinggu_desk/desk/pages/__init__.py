"""The pages of the places in the rail; the wizard has a package of its own."""
