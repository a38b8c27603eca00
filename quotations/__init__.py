"""Binding offers: what a customer was offered, at which prices, until when, and the answer."""
