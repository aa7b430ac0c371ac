"""What a restart clears away: files that were being written when the hub was stopped. Nothing refers to them."""

from collections.abc import Callable
from pathlib import Path

from hub.spool.blobs import Blobs
from hub.spool.durable import TEMPORARY, Files, plain_errors


def clear_unfinished(root: Path, files: Files | None = None) -> int:
    """Remove unfinished files in ``root/tmp`` (``root`` is ``spool/``); how many. To be called before any writer starts."""
    files = files or Files()
    unfinished = sorted((root / "tmp").glob(f"*{TEMPORARY}"))
    with plain_errors(root):
        for path in unfinished:
            files.unlink(path)
    return len(unfinished)


def clear_unclaimed(blobs: Blobs, claimed: Callable[[str], bool]) -> int:
    """Remove blobs whose transmission was never recorded (``claimed(sha256)`` is False); how many.

    To be called before any writer starts: a blob is durable a moment before its record is.
    """
    unclaimed = [sha256 for sha256 in blobs.digests() if not claimed(sha256)]
    for sha256 in unclaimed:
        blobs.remove(sha256)
    return len(unclaimed)
