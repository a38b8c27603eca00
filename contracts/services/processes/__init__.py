"""
Processes in a contract's life: started, filled in, released, answered by the ERP, undone.

A kind of process registers itself (`registry.register`) in a module of this package; all modules
are loaded when the app is ready. A kind says which steps a person goes through, what its facts
mean for contract items (`build`), and what stands against it (`check`). The rest is common:
`drafting` keeps what is typed, `releasing` does it and tells the ERP, `answering` takes the ERP's
word, `cancelling` gives it up, `undoing` takes it back.
"""
