"""The conversation: pure rules, no HTTP, no SQL, no rasa. Python 3.10-compatible, standard library only."""
