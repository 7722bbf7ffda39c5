"""How many statements a page sends, and a check that rows don't add any."""

from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext


def statements(call: Callable[[], object]) -> int:
    """Statements sent while `call` runs, whatever identity they ran as."""
    with CaptureQueriesContext(connection) as captured:
        call()
    return len(captured)


def grows_with_rows(page: Callable[[], object], add_rows: Callable[[int], object]) -> str | None:
    """What is wrong with a list page whose statements differ at 1 and at 3 rows; None if they don't."""
    add_rows(1)
    page()
    one = statements(page)
    add_rows(2)
    three = statements(page)
    if one == three:
        return None
    return f"{one} statements for 1 row and {three} for 3: fetch what each row needs with select_related or prefetch."
