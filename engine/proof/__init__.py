"""What a ruleset promises for all figures, before any are read: proved, refuted, or left open."""
