"""Answers that begin with what this person said: who, at what stage, where to, what was paid; and the one thing to do now."""
