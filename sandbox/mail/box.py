"""What arrived: one file a message, read back at the next start."""

import email
import email.policy
import hashlib
import re
import threading
import time
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

LINK = re.compile(r"https?://[^\s<>\"')]+")


def _content(part: Any) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


@dataclass(frozen=True)
class Arrived:
    """One message as it came, with the envelope's recipients and the time of arrival (Unix)."""

    number: int
    at: float
    recipients: tuple[str, ...]
    raw: bytes

    @property
    def parsed(self) -> EmailMessage:
        """The message with its parts."""
        message = email.message_from_bytes(self.raw, policy=email.policy.default)
        assert isinstance(message, EmailMessage)  # noqa: S101 - what the default policy makes
        return message

    @property
    def text(self) -> str:
        """The plain text, or what there is."""
        part = self.parsed.get_body(preferencelist=("plain", "html"))
        return str(part.get_content()) if part is not None else ""

    @property
    def html(self) -> str:
        """The HTML part, if there is one."""
        part = self.parsed.get_body(preferencelist=("html",))
        return str(part.get_content()) if part is not None else ""

    @property
    def attachments(self) -> list[tuple[str, str, bytes]]:
        """Name, media type and bytes of each attachment."""
        return [
            (part.get_filename() or "attachment", part.get_content_type(), _content(part))
            for part in self.parsed.iter_attachments()
        ]

    def entry(self) -> dict[str, Any]:
        """The line of the ledger."""
        message = self.parsed
        return {
            "number": self.number,
            "at": self.at,
            "message_id": str(message["Message-ID"] or "").strip(),
            "from": str(message["From"] or ""),
            "to": list(self.recipients),
            "subject": str(message["Subject"] or ""),
            "text": self.text,
            "links": list(dict.fromkeys(LINK.findall(self.text))),
            "attachments": [
                {
                    "name": name,
                    "type": kind,
                    "size": len(content),
                    "sha256": hashlib.sha256(content).hexdigest(),
                }
                for name, kind, content in self.attachments
            ],
        }


class Box:
    """All messages, in a folder. Safe to use from all threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("*.eml"))

    def put(self, recipients: list[str], raw: bytes) -> int:
        """Keep a message and return its number."""
        with self._lock:
            files = self._files()
            number = int(files[-1].name.split("_")[0]) + 1 if files else 1
            envelope = ",".join(recipients).encode() + b"\n"
            target = self._folder / f"{number:08d}_{time.time():.6f}.eml"
            part = target.with_suffix(".part")
            part.write_bytes(envelope + raw)
            part.rename(target)
            return number

    def all(self) -> list[Arrived]:
        """Return every message, oldest first."""
        return [self._read(path) for path in self._files()]

    def get(self, number: int) -> Arrived | None:
        """Return one message."""
        found = next(iter(self._folder.glob(f"{number:08d}_*.eml")), None)
        return self._read(found) if found else None

    def clear(self) -> None:
        """Throw everything away."""
        with self._lock:
            for path in self._files():
                path.unlink(missing_ok=True)

    def _read(self, path: Path) -> Arrived:
        number, _, at = path.stem.partition("_")
        envelope, _, raw = path.read_bytes().partition(b"\n")
        return Arrived(int(number), float(at), tuple(envelope.decode().split(",")), raw)
