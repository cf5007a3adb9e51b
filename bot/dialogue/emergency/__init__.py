"""The turns around an emergency card: what it is, what it begins with, and the small steps after it."""
