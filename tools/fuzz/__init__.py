"""Feeds damaged files to everything that reads files, and sees that each is refused or read."""
