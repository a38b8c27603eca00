"""The company that prints invoices and keeps a copy of each for five years, in one process."""
