"""What people touch: the command line, its pages and its data."""
