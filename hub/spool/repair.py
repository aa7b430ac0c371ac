"""What a restart clears away: files that were being written when the hub was stopped. Nothing refers to them."""

import re
from collections.abc import Callable
from pathlib import Path

from hub.spool.blobs import Blobs
from hub.spool.durable import TEMPORARY, Files, plain_errors

_OURS = re.compile(rf"[0-9a-f]{{24}}{re.escape(TEMPORARY)}")  # a partner's own ".part" files are not ours to remove


def clear_unfinished(folder: Path, files: Files | None = None) -> int:
    """Remove the unfinished files in ``folder``; how many. To be called before any writer starts.

    ``folder`` is ``spool/tmp``, or any folder in which :mod:`hub.spool.durable` writes.
    """
    if not folder.is_dir():
        return 0
    files = files or Files()
    with plain_errors(folder):
        unfinished = sorted(path for path in folder.iterdir() if _OURS.fullmatch(path.name))
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
