"""
The comparison of both books: digests of theirs staged by COPY, digests of ours made in SQL.

`digesting` says how ours are made, `searching` finds where they differ, `confirming` looks at the
few that do, field by field, `running` is the whole, `repairing` mends what was found.
"""
