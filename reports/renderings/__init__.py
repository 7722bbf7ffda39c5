"""The files of a report, each made from its frozen content and nothing else."""

from collections.abc import Callable
from typing import Any, Final

from reports.renderings.csv import as_csv
from reports.renderings.pdf import as_pdf
from reports.renderings.xlsx import as_xlsx

RENDERINGS: Final[dict[str, Callable[[dict[str, Any], str], bytes]]] = {"pdf": as_pdf, "xlsx": as_xlsx, "csv": as_csv}
