"""The telephone system: places calls, and tells the CRM about them by signed webhooks."""
