"""The sandbox ERP: what a utility billing system does, as far as a CRM sees it."""
