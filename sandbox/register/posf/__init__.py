"""The register as a switching platform of the POSF kind."""
