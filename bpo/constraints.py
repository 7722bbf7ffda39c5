"""Explaining what a constraint of the database refused."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import IntegrityError


@contextmanager
def explained(constraint: str, refusal: Callable[[], Exception]) -> Iterator[None]:
    """Raise `refusal` where the database names this constraint; what any other refuses goes on as it is."""
    try:
        yield
    except IntegrityError as error:
        if constraint not in str(error):
            raise
        raise refusal() from error
