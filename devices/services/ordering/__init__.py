"""
Device changes: drafted here, checked, sent to the ERP as an order, and done when it confirms.

`drafting` keeps what is typed, `releasing` checks it by the `rules` and hands it to the outbox,
`answering` takes the ERP's word.
"""
