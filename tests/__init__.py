"""Tests of Fördela, through the doors that its users use."""
