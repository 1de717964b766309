"""Who may do what: keys, their roles, and the check at the edge."""
