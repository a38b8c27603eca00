"""The language of a switching platform of the POSF kind: a queue of XML documents."""
