"""The language of a data hub of the Danish kind: CIM documents, peek and dequeue."""
