"""Readers of content/: its files become the words and rules of the core, or problems with a file and a line."""
