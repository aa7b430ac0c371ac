"""Signers for the tests of signatures, made once."""

import pytest

from hub.security.keys import Algorithm, make_signer
from hub.security.signer import Signer

AT = 1_736_928_000_000_000  # 2025-01-15: the moment at which the certificates are made


@pytest.fixture(scope="session", params=list(Algorithm), ids=[algorithm.value for algorithm in Algorithm])
def signer(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Signer:
    """A signer, once with each algorithm."""
    return make_signer(tmp_path_factory.mktemp("keys") / "signing.pem", "test hub", AT, request.param)


@pytest.fixture(scope="session")
def p256(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    """A signer with ECDSA P-256."""
    return make_signer(tmp_path_factory.mktemp("keys") / "signing.pem", "test hub", AT)


@pytest.fixture(scope="session")
def other(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    """Somebody else of the same name, with ECDSA P-256."""
    return make_signer(tmp_path_factory.mktemp("keys") / "signing.pem", "test hub", AT)
