"""Facts, the messages they cause, and the messages that come in: audit log, outbox and inbox."""
