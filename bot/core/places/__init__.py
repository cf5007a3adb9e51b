"""From what a citizen writes to a commune: gazetteer, resolver, the deciding question, a shared location."""
