"""What a run is held against: published tables, other ways of rounding, rulesets, scenarios."""
