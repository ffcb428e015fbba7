"""Functions with room on the stack are what they were."""

from skinflint.linter.stack import roomy


@roomy
def total(*numbers: int, start: int = 0, depth: int = 400) -> int:
    """The sum, at some depth."""
    return total(*numbers, start=start, depth=depth - 1) if depth else sum(numbers, start)


def test_a_function_does_what_it_did() -> None:
    assert total(1, 2, start=3, depth=0) == 6
    assert (total.__name__, total.__doc__) == ("total", "The sum, at some depth.")


def test_it_may_call_itself() -> None:
    assert total(1, 2, depth=40) == 3
