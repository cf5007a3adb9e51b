"""rasa-sdk actions: pure, run inside the engine process, talk to the gateway through replies and commands."""
