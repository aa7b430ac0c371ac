"""Runs this hub: EDIFACT read, checked with code lists, Documents built."""

from pathlib import Path

from bench.peers.running import serve
from hub.formats.edifact.reader import read
from hub.schema.catalog import Catalog


def main() -> None:
    """Serve one job."""
    catalog = Catalog(Path(__file__).parents[2] / "schemas")
    serve(lambda data: "; ".join(finding.code for finding in read(data, catalog).all_findings()))


if __name__ == "__main__":
    main()
