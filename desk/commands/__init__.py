"""The verbs, one module each, with the command in ``command``."""
