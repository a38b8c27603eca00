"""
A crowd: agents who work all at once, each with customers of their own, through the web server.

Each takes calls, identifies and confirms, types on the scratch pad, opens the customer's pages,
opens cases and makes promises, and wraps up. What a page shows of another agent's customer, what
is answered with anything but success, and what was typed and is not there at the end, is told.
"""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import random
import re
import threading
import time
import uuid
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import quote

import requests
from requests.adapters import HTTPAdapter

from tests.chaos.people import fields_of
from tests.chaos.tally import MARK, Customer, Noted, Tally
from tests.chaos.world import PASSWORD, TENANT

SECRET = "telephone-test-secret"
_ACCEPT = re.compile(r'action="(/calls/[0-9a-f-]+/accept/)"')
_MARKED = re.compile(rf"{MARK}[a-z]+")
_POLL = 0.4
"""Seconds after which an open page asks again whether the telephone rings."""


class Refused(Exception):
    """An answer that a person at a browser would call an error."""


class _OwnAddress(HTTPAdapter):
    """A desk of one's own: log-ins are counted by the address they come from."""

    def __init__(self, address: str) -> None:
        self._own = address
        super().__init__(pool_maxsize=1)

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options, source_address=(self._own, 0))


class Agent(threading.Thread):
    """One agent at one browser, from log-in to the end of the shift."""

    def __init__(
        self, number: int, customers: list[Customer], *, port: int, tally: Tally, pause: float,
        over: threading.Event,
    ) -> None:  # fmt: skip
        super().__init__(daemon=True)
        self.number = number
        self.customers = customers
        self.contacts: dict[str, Noted] = {}
        self.cases = self.promises = 0
        self.everybody: set[str] = set()
        self._address = f"http://127.0.0.1:{port}"
        self._tally, self._pause, self._over = tally, pause, over
        self._dice = random.Random(number)
        self._seen = ""
        self._token = ""
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["Host"] = f"{TENANT}.localhost"
        self._session.mount("http://", _OwnAddress(f"127.0.1.{1 + number}"))

    @property
    def extension(self) -> str:
        return str(3000 + self.number)

    def run(self) -> None:
        """Log in and take one call after the other; a call that has begun is brought to its end."""
        try:
            self._log_in()
            for turn in itertools.count():
                if self._over.is_set():
                    return
                self._serve(self.customers[turn % len(self.customers)], turn)
        except (requests.RequestException, Refused, KeyError) as trouble:
            self._tally.trouble(f"agent {self.number}: {trouble!r}")

    def _serve(self, customer: Customer, turn: int) -> None:
        call = uuid.uuid4().hex
        self._telephone(call, "ringing", customer)
        page = self._post(self._rings(), {}, kind="accept")
        self._look(page, customer)
        contact = self._contact_of()
        self.contacts[contact] = noted = Noted(customer)
        self._telephone(call, "answered", customer)
        found = self._get(f"/search/?q={quote(customer.surname)}", kind="search")
        self._check(found, customer)
        account = f"/accounts/{customer.uuid}/"
        self._look(
            self._post(f"/confirm/account/{customer.uuid}/", {"interaction": contact},
                       kind="confirm"),
            customer,
        )  # fmt: skip
        self._post(f"/contacts/{contact}/verify/",
                   {"interaction": contact, "points": "NAME", "version": ""}, kind="verify",
                   form=f"/contacts/{contact}/verify/")  # fmt: skip
        for number in range(3):
            self._type(contact, noted, f"Turn {turn}, line {number}, {customer.surname}.\n")
            self._think()
            self._look(self._dice.choice([account, f"{account}history/"]), customer)
        for part in ("timeline/", "standing/"):
            self._check(self._get(account + part, kind=part.strip("/")), customer)
        self._get(f"/contacts/{contact}/alerts/", kind="alerts")
        self._check(self._get(f"/contracts/of/{customer.uuid}/", kind="contracts"), customer)
        if turn % 2 == 0:
            self._open_case(contact, customer)
        else:
            self._promise(contact, customer)
        self._think()
        self._type(contact, noted, "The end.\n")
        self._telephone(call, "ended", customer)
        self._wrap_up(contact, noted, turn)
        self._get("/", kind="desk")

    # What an agent does

    def _log_in(self) -> None:
        form = fields_of(self._get("/login/", kind="log-in").text)
        self._post("/login/", {**form, "login": f"crowd{self.number}", "password": PASSWORD},
                   kind="log-in")  # fmt: skip
        self._get("/", kind="desk")

    def _rings(self) -> str:
        """Wait until the page shows that it rings, and return where the call is taken."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            answer = self._get(f"/live/?seen={quote(self._seen)}", kind="poll")
            if token := re.search(r"\?seen=([^\"]*)\"", answer.text):
                self._seen = token[1]
            if found := _ACCEPT.search(answer.text):
                return found[1]
            time.sleep(_POLL)
        raise Refused("the telephone never rang")

    def _contact_of(self) -> str:
        page = self._get("/", kind="desk").text
        found = re.search(r"/contacts/([0-9a-f-]{36})/scratch-pad/", page)
        if found is None:
            raise Refused("no contact on the screen")
        return found[1]

    def _type(self, contact: str, noted: Noted, text: str) -> None:
        answer = self._send(
            f"/contacts/{contact}/scratch-pad/", {"text": noted.pad + text, "base": noted.pad},
            kind="scratch pad",
        )  # fmt: skip
        kept = answer.json()["text"]
        if kept != noted.pad + text:
            self._tally.trouble(f"agent {self.number}: pad holds {kept!r}")
        noted.pad = kept

    def _open_case(self, contact: str, customer: Customer) -> None:
        page = f"/cases/new/{customer.uuid}/"
        facts = {"case_class": "billing-inquiry", "subject": f"Bill of {customer.surname}",
                 "interaction": contact, "text": "Too high."}  # fmt: skip
        self._look(self._post(page, facts, kind="open case", form=page), customer)
        self.cases += 1

    def _promise(self, contact: str, customer: Customer) -> None:
        page = f"/promises/new/{customer.uuid}/"
        facts = {"kind": "CALL_BACK", "text": f"Call {customer.surname} back",
                 "interaction": contact,
                 "due_on": str(datetime.now(tz=UTC).date() + timedelta(days=3))}  # fmt: skip
        self._look(self._post(page, facts, kind="promise", form=page), customer)
        self.promises += 1

    def _wrap_up(self, contact: str, noted: Noted, turn: int) -> None:
        self._post(f"/contacts/{contact}/end/", {"interaction": contact}, kind="end")
        page = f"/contacts/{contact}/wrap-up/"
        notes = f"{noted.pad}Wrapped up in turn {turn}."
        facts = {"reason": "BILL_QUESTION", "result": "RESOLVED", "notes": notes}
        self._post(page, {**facts, "interaction": ""}, kind="wrap-up", form=page)
        noted.notes = notes

    def _think(self) -> None:
        """Read for a while, with the page open and asking whether it rings."""
        end = time.monotonic() + self._pause * self._dice.uniform(0.5, 1.5)
        while time.monotonic() < end:
            self._get(f"/live/?seen={quote(self._seen)}", kind="poll")
            time.sleep(_POLL)

    # At the browser

    def _look(self, page: str, customer: Customer) -> None:
        """Open a page that has to be this customer's."""
        answer = self._get(page, kind=_kind(page))
        self._check(answer, customer)
        if customer.surname not in answer.text:
            self._tally.stranger(f"agent {self.number}: {page} does not show {customer.surname}")

    def _check(self, answer: requests.Response, customer: Customer) -> None:
        shown = set(_MARKED.findall(answer.text)) & self.everybody
        others = shown - {one.surname for one in self.customers}
        if others:
            self._tally.stranger(f"agent {self.number} with {customer.surname} saw {others}")

    def _get(self, page: str, *, kind: str) -> requests.Response:
        answer = self._timed(kind, "GET", page)
        if answer.status_code == 302:
            return self._get(answer.headers["Location"], kind=kind)
        if answer.status_code not in {200, 204}:
            raise Refused(f"{page}: {answer.status_code}")
        if found := re.search(r'X-CSRFToken": "([^"]+)"', answer.text):
            self._token = found[1]
        return answer

    def _post(self, page: str, facts: dict[str, str], *, kind: str, form: str = "") -> str:
        """Fill a form in and send it; return where the answer leads."""
        given = fields_of(self._get(form, kind=f"form of {kind}").text) if form else {}
        answer = self._send(page, {**given, **facts}, kind=kind)
        if answer.status_code != 302:
            raise Refused(f"{page}: {answer.status_code} {_complaint(answer.text)}")
        return str(answer.headers["Location"])

    def _send(self, page: str, facts: dict[str, str], *, kind: str) -> requests.Response:
        token = self._token or facts.get("csrfmiddlewaretoken", "")
        answer = self._timed(kind, "POST", page, data={**facts, "csrfmiddlewaretoken": token})
        if answer.status_code not in {200, 302}:
            raise Refused(f"{page}: {answer.status_code} {_complaint(answer.text)}")
        return answer

    def _timed(
        self, kind: str, method: str, page: str, data: dict[str, str] | None = None
    ) -> requests.Response:
        began = time.monotonic()
        send = partial(
            self._session.request, method, self._address + page, data=data, timeout=60,
            allow_redirects=False,
        )  # fmt: skip
        try:
            answer = send()
        except requests.ConnectionError:
            # the server hung up a line that was idle, in the moment it was used: browsers try again
            self._tally.count("tried again", 0)
            answer = send()
        self._tally.count(kind, (time.monotonic() - began) * 1000)
        return answer

    def _telephone(self, call: str, what: str, customer: Customer) -> None:
        """Be the telephone system that tells of a call at this agent's extension."""
        facts = {
            "id": uuid.uuid4().hex, "type": f"call.{what}", "call_id": call, "queue": "Service",
            "at": datetime.now(tz=UTC).isoformat(), "caller": customer.phone,
            "called": "+441134960100", "extension": self.extension,
        }  # fmt: skip
        body, stamp = json.dumps(facts).encode(), int(time.time())
        key = hmac.new(SECRET.encode(), TENANT.encode(), hashlib.sha256).hexdigest()
        digest = hmac.new(key.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
        answer = requests.post(
            f"{self._address}/hooks/telephone/", data=body, timeout=60,
            headers={"Host": f"{TENANT}.localhost", "Content-Type": "application/json",
                     "X-Telephone-Signature": f"t={stamp},v1={digest}"},
        )  # fmt: skip
        if answer.status_code >= 300:
            raise Refused(f"telephone: {answer.status_code} {answer.text[:200]}")


def _kind(page: str) -> str:
    """Return what a page is called in the figures."""
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "…", page.partition("?")[0])


def _complaint(page: str) -> str:
    errors = re.findall(r'class="[^"]*error[^"]*"[^>]*>(.*?)<', page, re.S)
    return " ".join(" ".join(errors).split())[:300]
