"""What a message says: its clauses and the facts in them. See clauses and facts."""
