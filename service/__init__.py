"""Inquiries, complaints and disputes with their clocks, and what was promised to customers."""
