"""Results for programs: JSON and CSV, always UTF-8, amounts as integers, nothing rounded."""
