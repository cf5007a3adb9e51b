"""Who is responsible: the directory of units, the routing rules, and the CSV they are kept in."""
