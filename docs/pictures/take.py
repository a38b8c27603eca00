"""
Take the README's picture: the workbench with a caller on the phone.

Needs a running stack (`python3 run.py`) and the test tools (`python3 run.py test` installs them):

    .venv/bin/python docs/pictures/take.py
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
CALLER = "+447400111002"  # Daniel Okonkwo of the sandbox's book


def facts() -> dict:
    """Ask the stack for its addresses and log-ins."""
    status = [sys.executable, str(ROOT / "run.py"), "status", "--json"]
    return json.loads(subprocess.run(status, capture_output=True, check=True).stdout)


def ring(telephone: str) -> None:
    """Let the caller's call ring at Alice's extension."""
    body = json.dumps({"tenant": "unified", "caller": CALLER, "extension": "201"}).encode()
    urlopen(f"{telephone}control/calls", data=body)  # noqa: S310 - the stack's own address


def main() -> None:
    """Walk to the customer's view and take the picture."""
    sys.path.insert(0, str(ROOT))
    from ops.debian import browser

    known = facts()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser())
        page = chromium.new_page(viewport={"width": 1366, "height": 768})
        page.goto(known["url"])
        page.fill("input[name=login]", "alice")
        page.fill("input[name=password]", known["users"][0]["password"])
        page.keyboard.press("Enter")
        page.wait_for_selector("#live", state="attached")
        ring(known["sandbox"]["telephone"]["url"])
        page.wait_for_selector(".ringing")
        page.keyboard.press("Alt+a")
        page.get_by_role("button", name="Confirm account").wait_for()
        page.keyboard.press("Alt+c")
        page.wait_for_selector(".verified, [data-shortcut='alt+v']")
        page.wait_for_timeout(1500)
        page.screenshot(path=HERE / "workbench.png")


if __name__ == "__main__":
    main()
