"""Contacts and calls, the work that waits and who is there for it, reasons, and scripts."""

from interactions.models.call import Call
from interactions.models.call_event import CallEvent
from interactions.models.interaction import Interaction
from interactions.models.presence import Presence, PresenceSpell
from interactions.models.reason import Reason
from interactions.models.script import Script, ScriptBinding, ScriptBranch, ScriptNode
from interactions.models.script_run import ScriptAnswer, ScriptRun
from interactions.models.skill import AgentSkill, Skill, WorkQueue
from interactions.models.work_item import WorkItem

__all__ = [
    "AgentSkill",
    "Call",
    "CallEvent",
    "Interaction",
    "Presence",
    "PresenceSpell",
    "Reason",
    "Script",
    "ScriptAnswer",
    "ScriptBinding",
    "ScriptBranch",
    "ScriptNode",
    "ScriptRun",
    "Skill",
    "WorkItem",
    "WorkQueue",
]
