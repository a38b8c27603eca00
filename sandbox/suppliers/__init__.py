"""Two suppliers of energy: one takes forecasts by SOAP, the other by REST."""
