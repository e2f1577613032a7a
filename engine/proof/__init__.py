"""What a ruleset promises for all figures, proved from its rules alone before any are read."""
