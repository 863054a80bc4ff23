"""Reads of the dues: who owes, what each owes and has paid, tables of branches and committees."""
