"""Everything is killed at random while people work; the other company's ledger is the judge."""
