"""Contacts and calls, the work that waits and who is there for it, reasons, and scripts."""

from interactions.models.alert import Alert
from interactions.models.alert_rule import AlertCondition, AlertMeasure, AlertRule
from interactions.models.call import Call
from interactions.models.call_event import CallEvent
from interactions.models.interaction import Interaction
from interactions.models.presence import Presence, PresenceSpell
from interactions.models.reason import Reason
from interactions.models.result import ContactResult
from interactions.models.satisfaction import SatisfactionPolicy, SatisfactionQuestion
from interactions.models.script import Script, ScriptBinding, ScriptBranch, ScriptNode
from interactions.models.script_run import ScriptAnswer, ScriptRun
from interactions.models.skill import AgentSkill, Skill, WorkQueue
from interactions.models.work_item import WorkItem

__all__ = [
    "AgentSkill",
    "Alert",
    "AlertCondition",
    "AlertMeasure",
    "AlertRule",
    "Call",
    "CallEvent",
    "ContactResult",
    "Interaction",
    "Presence",
    "PresenceSpell",
    "Reason",
    "SatisfactionPolicy",
    "SatisfactionQuestion",
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
