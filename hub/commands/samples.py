"""`hub schema sample`: a valid synthetic message of any type."""

import sys
from pathlib import Path

from hub.commands.schemas import catalog
from hub.formats import samples
from hub.formats.edifact.style import Style
from hub.model.form import Form
from hub.schema.names import resolve
from hub.schema.sampling import Extent


def sample(home: Path, word: str, extent: Extent, seed: int, form: Form | None) -> None:
    """Print a sample of the type that ``word`` means, in its own format or in ``form``."""
    installed = catalog(home)
    schema = installed.get(resolve(word, installed))
    made, style = samples.transmission(schema, extent, seed), Style(crlf=True)
    if form is None:
        data = samples.written(made, installed, style)
    else:
        from hub.formats.convert import convert

        data = convert([made], form, installed, style)
    sys.stdout.buffer.write(data)
