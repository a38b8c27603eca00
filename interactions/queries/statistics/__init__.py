"""
The figures of the interaction centre: sums over calls, contacts, spells and promises.

Nothing is counted while it happens, so no counter can drift. Days and hours are those of the active
time zone, which the tenant's entry activates.
"""
