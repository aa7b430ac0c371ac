"""The check of sizes measures functions as a reader does: from `def` to the last line."""

from tools.sizes import functions


def test_methods_and_inner_functions_count() -> None:
    source = "class A:\n    def b(self):\n        async def c():\n            return 1\n        return c\n"
    assert sorted(functions(source)) == [("b", 2, 4), ("c", 3, 2)]


def test_a_decorator_does_not_count() -> None:
    assert list(functions("@staticmethod\ndef a():\n    pass\n")) == [("a", 2, 2)]
