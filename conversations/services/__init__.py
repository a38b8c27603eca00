"""Operations on conversations."""
