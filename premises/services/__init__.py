"""Operations that write premises, one module a topic."""
