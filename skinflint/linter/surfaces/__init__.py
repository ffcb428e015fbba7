"""Call -> Request: one file per library."""
