"""Contacts, calls and the reasons for them, and the scripts that guide through them."""

from interactions.models.call import Call
from interactions.models.interaction import Interaction
from interactions.models.reason import Reason
from interactions.models.script import Script, ScriptBinding, ScriptBranch, ScriptNode
from interactions.models.script_run import ScriptAnswer, ScriptRun

__all__ = [
    "Call",
    "Interaction",
    "Reason",
    "Script",
    "ScriptAnswer",
    "ScriptBinding",
    "ScriptBranch",
    "ScriptNode",
    "ScriptRun",
]
