"""Rules of transfers: pure functions over facts and a day (domain.md 6.2, 6.3, 3.7)."""
