"""`lachan check`: what is right and wrong with an installation, each finding with what mends it."""
