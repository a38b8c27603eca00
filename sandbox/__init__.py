"""Stand-ins of the outside systems: separate processes that speak the real protocols.

Nothing in the product imports from here. A stand-in shares with the product only the published
contract files (WSDL, XSD, OpenAPI), keeps its own state, and can be told to misbehave.
"""
