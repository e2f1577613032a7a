"""Results as text for people: each module writes one part of a page."""
