"""The mailboxes' servers."""
