"""What guards the pages for people who are not staff."""
