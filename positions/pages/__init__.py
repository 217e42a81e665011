"""What each public page shows, gathered in a constant number of queries."""
