"""Figures that refute what a ruleset does not keep: searched for, told of, written to be run."""
