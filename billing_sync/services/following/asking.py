"""Ask the ERP for a page of changes while the one before it is taken over."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from types import TracebackType
from typing import NamedTuple, Self

from billing_sync.gateway.changes import ChangePage, changes_after
from billing_sync.gateway.client import ErpGateway


class _Asked(NamedTuple):
    position: int
    size: int
    answer: Future[ChangePage]


class Pages:
    """
    The pages of a change log, of which the next one may be on its way already.

    A second thread asks for it and reads it, and touches no database. At most one page is on its
    way, so memory holds two. Leaving waits for it: what it is asked by is the first thread's.
    """

    def __init__(self) -> None:
        self._asking = ThreadPoolExecutor(1, "asking")
        self._asked: _Asked | None = None
        self._gateway: ErpGateway | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._asking.shutdown(cancel_futures=True)

    def after(self, position: int, *, size: int) -> ChangePage:
        """
        Return the changes behind a position.

        :raises billing_sync.gateway.client.NoEndpoint: if none is set up any more
        :raises SoapFailure: whenever it was asked for
        """
        self._gateway = ErpGateway.of_tenant()
        asked, self._asked = self._asked, None
        if asked is not None:
            if (asked.position, asked.size) == (position, size):
                return asked.answer.result()
            wait([asked.answer])
        return changes_after(self._gateway, position, size=size)

    def ask_behind(self, page: ChangePage, known: int, *, size: int) -> None:
        """
        Ask for what follows a page, if anything does, and do not wait for the answer.

        :param known: a position before which nothing is asked for again
        """
        if page.is_last:
            return
        position = max(known, page.next_sequence)
        gateway = (self._gateway or ErpGateway.of_tenant()).lent()
        # the language, in which a failure is told, goes with it
        answer = self._asking.submit(
            copy_context().run, changes_after, gateway, position, size=size
        )
        self._asked = _Asked(position, size, answer)
