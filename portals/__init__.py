"""Pages for people who are not staff."""
