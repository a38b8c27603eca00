"""One board for the deadlines of all apps, merged without copying them."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from django.db.models import DateField, Value
from django.urls import reverse

from service.models import Case, Promise
from service.queries.board import Chosen, board, lines
from service.queries.deadlines import Answers, Promises, Receipts
from service.services import working
from service.services.promising import make_promise
from tests.factories.accounts import OrganisationFactory
from utilcrm import clock
from utilcrm.deadlines import Position, Question, merged, sources_for, streamed

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture
def many(open_one, account, agent) -> int:
    """Cases, receipts and promises, some of them due at the very same moment."""
    same = clock.start_of_day(clock.today() + 3 * DAY)
    for n in range(6):
        case = open_one("complaint", owner=agent if n % 2 else None)
        Case.objects.filter(pk=case.pk).update(
            due_at=same if n < 4 else same + n * DAY, receipt_due_at=same
        )
        make_promise(
            account=account, kind="OTHER", text=f"No {n}", due_at=same, owner=agent, actor=agent
        )
    return 18


def own_sources():
    return [Answers(), Receipts(), Promises()]


@pytest.mark.covers("N-06")
def test_pages_of_the_merged_list_miss_nothing_and_repeat_nothing(many, agent):
    asked = Question(user=agent)
    whole = [(one.due_at, one.source, one.id) for one in merged(own_sources(), asked, None, 99)]
    assert len(whole) == many
    assert whole == sorted(whole)

    paged, behind = [], None
    while page := merged(own_sources(), asked, behind, 5):
        paged += [(one.due_at, one.source, one.id) for one in page]
        behind = Position.decode(Position(*paged[-1]).encode())
    assert paged == whole
    streamed_ids = [one.id for one in streamed(own_sources(), asked, chunk=4)]
    assert streamed_ids == [number for _due, _source, number in whole]


@pytest.mark.covers("N-06")
def test_the_figures_of_the_board_agree_with_its_rows(many, agent, open_one):
    open_one("billing-inquiry", days_ago=60)

    page = board(agent, Chosen())
    ours = {"service.answer", "service.receipt", "service.promise"}
    rows = [one for one in page.items if one.source in ours]

    today = clock.today()
    assert page.overdue == sum(one.due_on < today for one in rows) == 1
    assert page.today == sum(one.due_on == today for one in rows) == 0
    assert page.week == sum(today <= one.due_on < today + 7 * DAY for one in rows)
    assert rows[0].risk == "OVERDUE"
    drawn = sum(itertools.chain.from_iterable(bar.numbers for bar in page.bars))
    assert drawn == sum(one.due_on < today + 14 * DAY for one in rows)
    for when, expected in (("overdue", page.overdue), ("today", page.today), ("week", page.week)):
        assert len(board(agent, Chosen(when=when)).items) == expected


def test_the_board_is_narrowed_by_whose_and_by_class(many, agent, supervisor):
    def found(**narrowed: str) -> int:
        return len(board(agent, Chosen(**narrowed)).items)

    assert found(whose="mine") == 3 + 3 + 6
    assert found(whose="nobody") == 3 + 3
    assert found(kind="complaint") == 12
    assert found(kind="complaint", source="service.answer", whose="mine") == 3
    assert len(board(supervisor, Chosen(whose="mine")).items) == 0


def test_a_clock_that_stands_is_not_on_the_board(open_one, agent):
    case = open_one("refund")
    case.case_class.change(waiting_stops_clock=True)
    assert len(merged([Answers()], Question(user=agent), None, 9)) == 1

    working.ask_customer(case=case, question="?", actor=agent)

    assert merged([Answers()], Question(user=agent), None, 9) == []


def test_other_segments_and_other_permissions_see_nothing_of_it(
    open_one, corporate_manager, outsider
):
    open_one("complaint")
    firm = OrganisationFactory()
    theirs = open_one("complaint", account=firm)

    seen = merged([Answers()], Question(user=corporate_manager), None, 9)

    assert [one.id for one in seen] == [theirs.pk]
    assert sources_for(outsider) == []


def test_the_file_holds_the_whole_board_and_no_formula(open_one, agent, account, client_for):
    account.first_name = "=HYPERLINK()"
    account.save()
    for _nth in range(3):
        open_one("complaint")

    answer = client_for(agent).get(reverse("service:board_file"))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")

    assert len(list(lines(agent, Chosen()))) == len(text.splitlines()) == 1 + 6
    assert "'=HYPERLINK()" in text
    assert ",=" not in text


@pytest.mark.parametrize(
    "cursor", ["x", "bnVsbA", "WzEsMiwzXQ", "WyIyMDI2LTExLTIzIiwgImEiLCAxXQ", "\x00", "ä"]
)
def test_a_cursor_that_is_not_ours_is_not_found(cursor, client_for, agent):
    answer = client_for(agent).get(reverse("service:board"), {"after": cursor})

    assert answer.status_code == 404


@pytest.mark.parametrize("is_day", [False, True])
def test_a_day_is_over_at_its_end_and_not_before(is_day, agent, account):
    """The same deadline, kept as a moment and as a day, lies at the same place of the board."""
    tomorrow = clock.today() + DAY
    end = clock.start_of_day(tomorrow + DAY)
    promise = make_promise(
        account=account, kind="OTHER", text="?", due_at=end, owner=agent, actor=agent
    )

    class ByDay(Promises):
        due = "last_day"
        is_day = True

        def rows(self, user):
            return super().rows(user).annotate(last_day=Value(tomorrow, DateField()))

    source = ByDay() if is_day else Promises()
    instant = dt.timedelta(microseconds=1)

    def found(**bounds):
        return len(source.following(Question(user=agent, **bounds), None, 9))

    assert source.by_day(Question(user=agent)) == {tomorrow: 1}
    assert found(since=end) == 1
    assert found(since=end + instant) == 0
    assert found(until=end) == 0
    assert found(until=end + instant) == 1
    (one,) = source.following(Question(user=agent), None, 9)
    assert (one.due_at, one.due_on) == (end, tomorrow)
    for behind, expected in (
        (Position(end - instant, "zzz", 0), 1),
        (Position(end, "aaa", 10**9), 1),
        (Position(end, source.key, promise.pk - 1), 1),
        (Position(end, source.key, promise.pk), 0),
        (Position(end, "zzz", 0), 0),
        (Position(end + instant, "aaa", 0), 0),
    ):
        assert len(source.following(Question(user=agent), behind, 9)) == expected
    assert Promise.objects.count() == 1
