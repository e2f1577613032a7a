"""How long things take, each beside a named alternative in the same run."""
