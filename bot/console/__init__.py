"""The officers' console: a process and a listener of its own."""
