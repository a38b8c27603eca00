"""Template tags of the quotation screen."""
