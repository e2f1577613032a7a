"""Figures that refute what a ruleset does not keep: searched for, told of, and written to be run."""
