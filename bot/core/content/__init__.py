"""What the bot says: reviewed items, hotlines, and the rules for when an item may be sent. Pure."""
