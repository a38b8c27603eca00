"""Ninety days of an interaction centre: contacts, calls, what came of them, and who was there."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.desk.filling import ask, fill
from benchmarks.identification.indexes import made_afterwards
from events.models import Event
from interactions.choices import CallStatus, InteractionStatus, Result
from interactions.choices.alerts import AlertStatus
from interactions.choices.work import (
    CallEventKind,
    PresenceState,
    WorkChannel,
    WorkKind,
    WorkStatus,
)
from interactions.models import (
    Alert,
    AlertRule,
    Call,
    CallEvent,
    Interaction,
    PresenceSpell,
    Reason,
    SatisfactionQuestion,
    Script,
    ScriptAnswer,
    ScriptNode,
    ScriptRun,
    WorkItem,
)

DAYS = 90
LONG_TIMELINE = 5_000
_BIG = [
    Interaction, Call, CallEvent, WorkItem, Alert, ScriptRun, ScriptAnswer, SatisfactionQuestion,
    Event,
]  # fmt: skip


def array(values: Sequence[object]) -> str:
    """Return numbers as an array of the database."""
    return f"(ARRAY[{','.join(map(str, values))}]::bigint[])"


def one_of(values: Sequence[object], number: str) -> str:
    """Return the expression that takes the values in turn as a number grows."""
    return f"{array(values)}[1 + (({number}) % {len(values)})::int]"


def plan_contacts(number: int, *, accounts: int, looked_at: list[int], people: list[int]) -> None:
    """
    Say who talked with whom and when, over the last 90 days up to now.

    One contact in fifty is with one of the customers that are looked at.
    """
    ask(
        f"""
        CREATE UNLOGGED TABLE bench_contact AS
        SELECT n AS id, gen_random_uuid() AS uuid, account.id AS account_id,
          account.uuid AS account_uuid, {one_of(people, "n")} AS agent_id,
          now() - interval '1 minute' - interval '{DAYS} days' * ({number} - n) / {number} AS at,
          (ARRAY['Sales', 'Service', 'Billing', 'Moves'])[1 + n % 4] AS queue,
          (ARRAY['', '', 'AUTUMN', 'WINBACK'])[1 + n % 4] AS campaign,
          CASE WHEN n % 10 < 7 THEN 'PHONE' WHEN n % 10 = 7 THEN 'EMAIL'
            WHEN n % 10 = 8 THEN 'CHAT' ELSE 'LETTER' END AS channel
        FROM generate_series(1, {number}) AS n
        JOIN accounts_account AS account ON account.id = CASE
          WHEN n % 50 = 0 THEN {one_of(looked_at, "n / 50")} ELSE 1 + n::bigint * 7919 % {accounts}
        END;
        ALTER TABLE bench_contact ADD PRIMARY KEY (id);
        ANALYZE bench_contact;
        """  # noqa: S608 - numbers and names of our own
    )


def fill_contacts() -> None:
    """Add the contacts, their calls and all that hangs on them."""
    with made_afterwards([kind._meta.db_table for kind in _BIG]):
        _calls()
        _contacts()
        _work()
        _alerts()
        _scripts()
        _answers()
        _events()


def _calls() -> None:
    source = "bench_contact WHERE channel = 'PHONE'"
    call = Call(status=CallStatus.ENDED)
    fill(
        call, source, id="id", call_id="'bench-' || id", queue="queue", campaign="campaign",
        direction="CASE WHEN id % 9 = 0 THEN 'OUTBOUND' ELSE 'INBOUND' END",
        caller_number="'+4477' || lpad(id::text, 8, '0')", called_number="'+442079460000'",
        rang_at="at", answered_at="at + interval '1 second' * (5 + id % 60)",
        ended_at="at + interval '1 second' * (240 + id % 300)", held_seconds="id % 40",
        last_event_at="at + interval '1 second' * (240 + id % 300)",
    )  # fmt: skip
    missed = Call(status=CallStatus.MISSED)
    fill(
        missed, "bench_contact WHERE id % 12 = 0", id="1000000000 + id",
        call_id="'missed-' || id", queue="queue", rang_at="at + interval '20 seconds'",
        ended_at="at + interval '80 seconds'", last_event_at="at + interval '80 seconds'",
    )  # fmt: skip
    for seconds, kind in (
        (0, CallEventKind.RINGING), (20, CallEventKind.ANSWERED), (240, CallEventKind.ENDED),
    ):  # fmt: skip
        fill(CallEvent(kind=kind), source, call_id="id", queue="queue",
             at=f"at + interval '{seconds} seconds'")  # fmt: skip


def _contacts() -> None:
    leaves = list(
        Reason.objects.exclude(pk__in=Reason.objects.values("parent_id").exclude(parent=None))
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    contact = Interaction(
        status=InteractionStatus.CLOSED, notes="The customer asked about the last bill. " * 4,
        verified_points=["NAME", "ADDRESS", "BIRTH_DATE"],
    )  # fmt: skip
    results = f"'{Result.RESOLVED}', '{Result.RESOLVED}', '{Result.FOLLOW_UP}'"
    fill(
        contact, "bench_contact", id="id", uuid="uuid", number="'B' || lpad(id::text, 9, '0')",
        channel="channel", direction="CASE WHEN id % 9 = 0 THEN 'OUTBOUND' ELSE 'INBOUND' END",
        agent_id="agent_id", call_id="CASE WHEN channel = 'PHONE' THEN id END",
        account_id="account_id", agreement_id="account_id", premise_id="account_id",
        queue="queue", campaign="campaign", started_at="at",
        ended_at="at + interval '1 second' * (240 + id % 300)",
        closed_at="at + interval '1 second' * (300 + id % 400)",
        verified_at="at + interval '1 minute'", reason_id=one_of(leaves, "id"),
        result=f"(ARRAY[{results}])[1 + id % 3]",
    )  # fmt: skip


def _work() -> None:
    done = WorkItem(kind=WorkKind.CALL, channel=WorkChannel.CALL, status=WorkStatus.DONE)
    fill(
        done, "bench_contact WHERE channel = 'PHONE'", queue="queue", call_id="id", contact_id="id",
        account_id="account_id", waiting_since="at", accepted_by_id="agent_id",
        accepted_at="at + interval '20 seconds'", ended_at="at + interval '300 seconds'",
    )  # fmt: skip
    task = WorkItem(kind=WorkKind.TASK, channel=WorkChannel.TASK, title="Call the grid operator")
    fill(task, "bench_contact WHERE id % 1000 = 0", queue="queue", account_id="account_id",
         waiting_since="now() - interval '1 minute' * (id % 500)")  # fmt: skip


def _alerts() -> None:
    rules = list(AlertRule.objects.order_by("pk"))
    chosen = one_of([rule.pk for rule in rules], "id / 2")
    codes = ", ".join(f"'{rule.code}'" for rule in rules)
    shown = Alert(
        status=AlertStatus.ACTED, message="Dunning level 2: £80.00 is overdue.",
        found=[["dunning_level", "Dunning level", "2"]], measure="Open items",
    )  # fmt: skip
    fill(
        shown, "bench_contact WHERE id % 2 = 0", interaction_id="id", rule_id=chosen,
        code=f"(ARRAY[{codes}])[1 + ((id / 2) % {len(rules)})::int]",
        account_id="account_id", shown_to_id="agent_id", shown_at="at", settled_by_id="agent_id",
        settled_at="at + interval '30 seconds'",
    )  # fmt: skip


def _scripts() -> None:
    script = Script.objects.filter(status="RELEASED").first()
    if script is None:
        raise LookupError("there is no script in use")
    nodes = list(ScriptNode.objects.filter(script=script).order_by("position")[:4])
    run = ScriptRun(script=script, status="FINISHED", step=len(nodes))
    source = "bench_contact WHERE id % 5 = 0"
    fill(run, source, id="id", interaction_id="id", begun_in_id="id", started_by_id="agent_id",
         started_at="at", ended_at="at + interval '3 minutes'")  # fmt: skip
    for step, node in enumerate(nodes):
        answer = ScriptAnswer(node=node, step=step, values=["Yes"], on_path=True)
        fill(answer, source, run_id="id", interaction_id="id", answered_by_id="agent_id",
             answered_at="at + interval '1 minute'")  # fmt: skip


def _answers() -> None:
    question = SatisfactionQuestion(question="How was it?", sent_to="customer@post.example")
    fill(
        question, "bench_contact WHERE id % 10 = 0", interaction_id="id", account_id="account_id",
        asked_at="at",
        token_sha256="encode(sha256(id::text::bytea), 'hex')",  # noqa: S106
        expires_at="at + interval '14 days'", score="1 + id % 5",
        answered_at="at + interval '2 days'",
    )  # fmt: skip


def _events() -> None:
    names = ["opened", "account.confirmed", "ended", "closed"]
    for name in names:
        whole = f"interactions.{name}" if "." in name else f"interactions.interaction.{name}"
        event = Event(name=whole, subject_type="interactions.Interaction", actor_label="Agent")
        fill(event, "bench_contact", subject_id="id", subject_uuid="uuid", interaction_uuid="uuid",
             account_uuid="account_uuid", occurred_at="at", actor_id="agent_id",
             subject_label="'B' || lpad(id::text, 9, '0')")  # fmt: skip


def fill_long_timeline(account_id: int, *, entries: int = LONG_TIMELINE) -> None:
    """Give one customer a timeline of so many entries: readings, bills, letters over 20 years."""
    for name in ("devices.reading.reported", "correspondence.invoice.sent"):
        event = Event(name=name, subject_type="accounts.Account", actor_label="Agent")
        fill(
            event, f"accounts_account, generate_series(1, {entries // 2}) AS n "
            f"WHERE accounts_account.id = {account_id}", subject_id="accounts_account.id",
            subject_uuid="uuid", account_uuid="uuid", subject_label="'Entry ' || n",
            occurred_at=f"now() - interval '1 day' * ({entries // 2} - n)",
        )  # fmt: skip


def fill_presence(people: list[int]) -> None:
    """Let everybody work eight hours a day, with a break and some other work."""
    spells = (
        (8, 12, PresenceState.READY, ""), (12, 13, PresenceState.BREAK, "LUNCH"),
        (13, 14, PresenceState.BUSY, ""), (14, 17, PresenceState.READY, ""),
    )  # fmt: skip
    for begin, end, state, reason in spells:
        day = "date_trunc('day', now()) - interval '1 day' * day"
        fill(
            PresenceSpell(state=state, reason=reason),
            f"unnest({array(people)}) AS agent, generate_series(1, {DAYS}) AS day",
            agent_id="agent", began_at=f"{day} + interval '{begin} hours'",
            ended_at=f"{day} + interval '{end} hours'",
        )  # fmt: skip
