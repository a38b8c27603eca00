"""Screens of scripts: the builder, the agent's page, the report."""
