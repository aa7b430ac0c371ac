"""Loads the compiled modules, where there are any, before pytest imports sources by their paths (for doctests)."""

try:
    import hub_compiled
except ImportError:  # nothing was compiled: see tools/compile.py
    COMPILED = 0
else:
    COMPILED = hub_compiled.load()


def pytest_report_header() -> str:
    """Which form of the hub is tested."""
    return f"hub: {COMPILED} modules compiled" if COMPILED else "hub: pure Python"
