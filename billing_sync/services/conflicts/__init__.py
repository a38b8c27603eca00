"""
Fields that were changed here and in the ERP (N-05).

`editing` notes what is changed here until the ERP has confirmed it, `opening` writes a conflict
down, `settling` ends it by one decision, `owning` knows whose word counts.
"""
