"""What the documents say (政策): quantities, facts, rule forms, packs; knows nothing else of ours."""
