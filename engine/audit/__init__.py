"""Audits a table."""
