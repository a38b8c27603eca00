"""Contacts, calls and the reasons for them, and the scripts that guide through them."""

from interactions.models.alert import Alert
from interactions.models.alert_rule import AlertCondition, AlertMeasure, AlertRule
from interactions.models.call import Call
from interactions.models.interaction import Interaction
from interactions.models.reason import Reason
from interactions.models.result import ContactResult
from interactions.models.satisfaction import SatisfactionPolicy, SatisfactionQuestion
from interactions.models.script import Script, ScriptBinding, ScriptBranch, ScriptNode
from interactions.models.script_run import ScriptAnswer, ScriptRun

__all__ = [
    "Alert",
    "AlertCondition",
    "AlertMeasure",
    "AlertRule",
    "Call",
    "ContactResult",
    "Interaction",
    "Reason",
    "SatisfactionPolicy",
    "SatisfactionQuestion",
    "Script",
    "ScriptAnswer",
    "ScriptBinding",
    "ScriptBranch",
    "ScriptNode",
    "ScriptRun",
]
