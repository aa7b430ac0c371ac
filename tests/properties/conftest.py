"""What every property test of findings counts on."""

from collections.abc import Iterator

import pytest

from hub.model import finding


@pytest.fixture(scope="module", autouse=True)
def whole_texts() -> Iterator[None]:
    """A text that names a parameter which its finding lacks fails, where it would show a dash. (A dash by itself
    proves nothing: it may come from the file.)"""

    def lacking(values: dict[str, object], name: str) -> str:
        raise AssertionError(f"the text names {name}, the finding gives only {', '.join(values)}")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(finding._Shown, "__missing__", lacking)
        yield
