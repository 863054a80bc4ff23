"""What a node owes of organizational life, when, and whether it was done: facts in, obligations out. No database."""
