"""The register as a data hub of the Danish kind."""
