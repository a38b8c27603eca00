"""What is done over the wire to the ERP."""
