"""Contracts: from the accepted quotation to the ERP, with signature and documents."""
