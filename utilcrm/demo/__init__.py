"""The demo: four tenants, their people and their wiring to the sandbox."""
