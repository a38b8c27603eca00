"""The demo book: who and what the ERP knows when it starts."""
