"""The other side of the engine's socket: workers started, watched, restarted, asked."""
