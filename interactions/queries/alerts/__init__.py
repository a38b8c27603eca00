"""What alerts are made of: facts, judgement, sample, report."""
