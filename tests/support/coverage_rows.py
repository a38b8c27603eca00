"""Which requirement rows the passing tests prove: listed when a run ends."""

from __future__ import annotations

from collections import defaultdict

import pytest

_PROPERTY = "covers"


class CoveredRows:
    """Gathers the rows of `@pytest.mark.covers` from tests that passed, across workers."""

    def __init__(self) -> None:
        self.proofs: dict[str, int] = defaultdict(int)
        self.broken: set[str] = set()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item):
        """Attach the rows to the report, which travels from a worker to the main process."""
        report = yield
        if report.when == "call" or report.failed:
            rows = [row for marker in item.iter_markers("covers") for row in marker.args]
            report.user_properties.extend((_PROPERTY, row) for row in rows)
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count proofs, and remember rows whose test failed."""
        for name, row in report.user_properties:
            if name != _PROPERTY:
                continue
            if report.failed:
                self.broken.add(str(row))
            elif report.when == "call" and report.passed:
                self.proofs[str(row)] += 1

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """List the rows, and apart from them those with a failing test."""
        proven = sorted(set(self.proofs) - self.broken)
        if proven:
            terminalreporter.section(f"{len(proven)} requirement rows covered")
            terminalreporter.write_line(" ".join(f"{row}({self.proofs[row]})" for row in proven))
        if self.broken:
            terminalreporter.section("requirement rows with a failing test")
            terminalreporter.write_line(" ".join(sorted(self.broken)))
