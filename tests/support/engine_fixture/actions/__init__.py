"""Actions of the engine's test bot."""
