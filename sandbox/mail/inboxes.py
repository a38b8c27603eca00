"""Mailboxes that the product reads: a folder each, one file a message, numbered for good."""

import re
import threading
import time
from dataclasses import dataclass
from pathlib import Path

_NAME = re.compile(r"^[a-z0-9._+-]{1,64}@[a-z0-9.-]{1,180}$")


class NoSuchInbox(Exception):
    """The address is none that a mailbox could have."""


@dataclass(frozen=True)
class Stored:
    """One message; the flags are those that were set by whoever reads the mailbox."""

    uid: int
    at: float
    is_seen: bool
    raw: bytes


class Inboxes:
    """All mailboxes. Safe to use from all threads; kept over restarts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)

    def _of(self, address: str) -> Path:
        if not _NAME.match(address.lower()) or ".." in address:
            raise NoSuchInbox(address)
        folder = self._folder / address.lower()
        folder.mkdir(exist_ok=True)
        return folder

    def has(self, address: str) -> bool:
        """Tell whether somebody has ever opened or filled this mailbox."""
        return bool(_NAME.match(address.lower())) and (self._folder / address.lower()).is_dir()

    def validity(self, address: str) -> int:
        """Return the UIDVALIDITY, made up at the first look."""
        file = self._of(address) / "validity"
        with self._lock:
            if not file.exists():
                file.write_text(str(int(time.time())))
            return int(file.read_text())

    def renumber(self, address: str) -> None:
        """Do what a restored server does: number all messages anew."""
        folder = self._of(address)
        validity = self.validity(address)
        with self._lock:
            (folder / "validity").write_text(str(validity + 1))

    def deliver(self, address: str, raw: bytes) -> int:
        """Put a message into a mailbox and return its UID."""
        folder = self._of(address)
        with self._lock:
            uid = max((self._uid(path) for path in folder.glob("*.eml")), default=0) + 1
            part = folder / f"{uid:09d}.part"
            part.write_bytes(raw)
            part.rename(folder / f"{uid:09d}.eml")
            return uid

    def all(self, address: str) -> list[Stored]:
        """Return the messages of a mailbox, oldest first."""
        found = []
        for path in sorted(self._of(address).glob("*.eml")):
            seen = path.with_suffix(".seen").exists()
            found.append(Stored(self._uid(path), path.stat().st_mtime, seen, path.read_bytes()))
        return found

    def mark_seen(self, address: str, uid: int) -> None:
        """Set the flag \\Seen."""
        path = self._of(address) / f"{uid:09d}.eml"
        if path.exists():
            path.with_suffix(".seen").touch()

    def clear(self) -> None:
        """Throw every message away; the mailboxes and their numbering stay."""
        with self._lock:
            for path in self._folder.glob("*/*"):
                if path.name != "validity":
                    path.unlink(missing_ok=True)

    @staticmethod
    def _uid(path: Path) -> int:
        return int(path.stem)
