"""What a file is by its bytes, and whether it may lie in the house. Archives are never opened."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import PurePosixPath

from conversations.choices import Verdict
from correspondence.services.uploading.checking import EICAR

MOST_UNPACKED = 200 * 1024 * 1024
MOST_MEMBERS = 5_000
MOST_RATIO = 100
_SMALL = 10 * 1024 * 1024

_KINDS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"PK\x03\x04", "application/zip"),
    (b"PK\x05\x06", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
)
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"#!")
_PROGRAM_NAMES = {
    ".apk", ".app", ".bat", ".cmd", ".com", ".cpl", ".dll", ".exe", ".hta", ".img", ".iso", ".jar",
    ".js", ".jse", ".lnk", ".msi", ".pif", ".ps1", ".reg", ".scr", ".sh", ".vbe", ".vbs", ".wsf",
}  # fmt: skip


def kind_of(content: bytes) -> str:
    """Return the media type of a file by its first bytes; plain bytes where they say nothing."""
    return next(
        (kind for start, kind in _KINDS if content.startswith(start)), "application/octet-stream"
    )


def judge(name: str, content: bytes) -> Verdict:
    """Say whether a file may be kept and handed out as a download."""
    if EICAR in content:
        return Verdict.VIRUS
    if content.startswith(_PROGRAMS) or PurePosixPath(name.lower()).suffix in _PROGRAM_NAMES:
        return Verdict.PROGRAM
    kind = kind_of(content)
    if kind == "application/zip" and _is_zip_bomb(content):
        return Verdict.BOMB
    if kind == "application/gzip" and _is_too_much(_gzip_length(content), len(content)):
        return Verdict.BOMB
    return Verdict.GOOD


def _is_zip_bomb(content: bytes) -> bool:
    """Judge by the list of contents; what cannot be read cannot be unpacked by us either."""
    # Counted before the list is read: half a million entries would be half a gigabyte of memory.
    if content.count(b"PK\x01\x02") > MOST_MEMBERS:
        return True
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, struct.error):
        return False
    return _is_too_much(sum(one.file_size for one in members), len(content))


def _gzip_length(content: bytes) -> int:
    return int.from_bytes(content[-4:], "little") if len(content) > 18 else 0


def _is_too_much(unpacked: int, packed: int) -> bool:
    if unpacked > MOST_UNPACKED:
        return True
    return unpacked > _SMALL and unpacked > packed * MOST_RATIO
