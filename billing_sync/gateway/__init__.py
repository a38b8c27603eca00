"""The ERP over SOAP: client, mapping of records to messages, reading of what comes in."""
