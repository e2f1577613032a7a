"""What a run takes in: a ruleset's files, and the figures, results and published tables in them."""
