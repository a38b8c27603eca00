"""What screens are made of: operation, list and detail views, forms, the palette, the tags."""
