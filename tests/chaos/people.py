"""
People who work while everything is killed: through the pages, and through the services.

Each writes down what has certainly happened, and what has certainly not; what is in doubt is asked
for again, with the same token, until it is certain. Nobody looks into our own tables.
"""

from __future__ import annotations

import html
import itertools
import re
import threading
import time
import uuid
from collections import defaultdict
from dataclasses import dataclass, field

import requests
from requests.adapters import HTTPAdapter

from tests.chaos.world import PASSWORD, PERSON, TENANT

_TOWNS = ("Leeds", "York", "Hull", "Ripon")
_FIELD = re.compile(r'<input[^>]*name="([^"]+)"[^>]*>')
_VALUE = re.compile(r'value="([^"]*)"')


@dataclass
class Deeds:
    """What has certainly been done: for each customer its names in their order."""

    names: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    taken_back: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def done(self, customer: str, name: str) -> None:
        with self.lock:
            self.names[customer].append(name)

    @property
    def number(self) -> int:
        with self.lock:
            return sum(map(len, self.names.values()))


class Agent(threading.Thread):
    """An agent in a browser: makes a few customers, then changes their names again and again."""

    def __init__(self, number: int, *, port: int, deeds: Deeds, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.number = number
        self.address = f"http://127.0.0.1:{port}"
        self.deeds = deeds
        self.stop = stop
        self.failures: list[str] = []
        self.pause = 0.0
        self.said_last = "nothing yet"
        self._session = self._new_session()

    def __repr__(self) -> str:
        return f"agent {self.number}, told last: {self.said_last}"

    def run(self) -> None:
        counter = itertools.count()
        customers: list[str] = []
        while not self.stop.is_set():
            if len(customers) < 4:
                customers.append(self._create(next(counter)))
            else:
                self._rename(customers[next(counter) % len(customers)], next(counter))
            time.sleep(self.pause)

    def log_in(self) -> None:
        """
        Log in anew, as a person does who was thrown out.

        :raises requests.HTTPError: when one is not let in
        """
        self._session = self._new_session()
        form = fields_of(self._get("/login/").text)
        answer = self._post("/login/", {**form, "login": PERSON, "password": PASSWORD})
        answer.raise_for_status()
        if answer.status_code != 302:
            raise requests.HTTPError(_complaint(answer.text), response=answer)

    def first_customer(self) -> str:
        """Make a customer and return the address of their page."""
        return f"/accounts/{self._create(self.number)}/"

    def look(self, page: str) -> requests.Response:
        """Open a page."""
        return self._get(page)

    def _create(self, n: int) -> str:
        name = f"C{self.number}x{n}"
        address = self._until_done(
            "/accounts/new/",
            {
                "kind": "PERSON",
                "segment": "RESIDENTIAL",
                "first_name": name,
                "last_name": letters(self.number * 1000 + n),
                "street": f"{letters(n)} Road",
                "house_number": str(n + 1),
                "postcode": "LS1 9LG",
                "town": _TOWNS[n % len(_TOWNS)],
                "language": "en",
                "payment_method": "TRANSFER",
                "invoice_delivery": "PAPER",
                "is_known_to_differ": "on",
            },
        )
        customer = address.rstrip("/").rpartition("/")[2].partition("?")[0]
        self.deeds.done(customer, name)
        return customer

    def _rename(self, customer: str, n: int) -> None:
        name = f"R{self.number}x{n}"
        self._until_done(f"/accounts/{customer}/edit/", {"first_name": name})
        self.deeds.done(customer, name)

    def _until_done(self, page: str, changes: dict[str, str]) -> str:
        """Send the form until the answer says that it is done, as a person presses again."""
        form: dict[str, str] = {}
        token = uuid.uuid4().hex
        was_sent = False
        while not self.stop.is_set() or was_sent:
            try:
                if not form:
                    form = self._read(page)
                was_sent = True
                answer = self._post(page, {**form, **changes, "form_token": token})
            except requests.RequestException as error:
                self.said_last = f"{page}: {error}"
                time.sleep(0.1)
                continue
            self.said_last = f"{page}: {answer.status_code} {_complaint(answer.text)}"
            if answer.status_code == 302 and "/login" not in answer.headers["Location"]:
                return str(answer.headers["Location"])
            if answer.status_code < 500 and answer.status_code not in {302, 403, 409}:
                self.failures.append(f"{page}: {answer.status_code} {_complaint(answer.text)}")
                raise RuntimeError(self.failures[-1])
            # the page is read anew, with its version; the token stays
            form = {}
            time.sleep(0.1)
        raise SystemExit

    def _read(self, page: str) -> dict[str, str]:
        answer = self._get(page)
        if answer.status_code == 302:
            self.log_in()
            answer = self._get(page)
        answer.raise_for_status()
        return fields_of(answer.text)

    def _new_session(self) -> requests.Session:
        session = requests.Session()
        session.trust_env = False
        session.headers["Host"] = f"{TENANT}.localhost"
        # a connection each: one that was cut off would be used again
        session.mount("http://", HTTPAdapter(pool_maxsize=1))
        return session

    def _get(self, page: str) -> requests.Response:
        return self._session.get(self.address + page, timeout=10, allow_redirects=False)

    def _post(self, page: str, form: dict[str, str]) -> requests.Response:
        return self._session.post(
            self.address + page,
            data={**form, "csrfmiddlewaretoken": form.get("csrfmiddlewaretoken", "")},
            timeout=10,
            allow_redirects=False,
        )


def fields_of(page: str) -> dict[str, str]:
    """Return what a browser would send of a page's form, boxes that are not ticked left out."""
    found: dict[str, str] = {}
    for match in _FIELD.finditer(page):
        tag, name = match[0], match[1]
        if ('type="checkbox"' in tag or 'type="radio"' in tag) and "checked" not in tag:
            continue
        value = _VALUE.search(tag)
        found[name] = html.unescape(value[1]) if value else ""
    for match in re.finditer(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', match[2])
        if chosen:
            found[match[1]] = chosen[1]
    return found


def _complaint(page: str) -> str:
    """Return what a page says is wrong."""
    said = re.search(r'class="error-summary".*?</div>\s*</div>', page, re.S)
    text = re.sub(r"<[^>]+>", " ", said[0] if said else page)
    return " ".join(text.split())[:300]


def letters(number: int) -> str:
    """Return a name of its own for each number, unlike its neighbours'."""
    letters = ""
    number = (number + 1) * 2654435761 % 2**32
    while number:
        number, digit = divmod(number, 26)
        letters += chr(97 + digit)
    return letters.capitalize()
