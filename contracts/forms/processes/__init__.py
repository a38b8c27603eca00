"""
The forms of a process' steps, one a step.

A form registers itself for the steps it is for (`base.register_form`) in a module of this package;
all modules are loaded when the app is ready.
"""
