"""Runs pydifact: an interchange, its messages, and its own validation of each of them."""

import logging

from pydifact.segmentcollection import Interchange

from bench.peers.running import serve


def read(data: bytes) -> str:
    """Raises what pydifact raises."""
    interchange = Interchange.from_str(data.decode("latin-1"))
    interchange.validate()
    for message in interchange.get_messages():
        message.validate()
    return ""


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    serve(read)
