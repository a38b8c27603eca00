"""What the measurements of the wire to the ERP share."""
