"""The language: from the text of rules in Swedish or English to one frozen, checked ``Program``."""
