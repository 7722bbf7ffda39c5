"""manage.py import_forecast --client acme FILE [--mapping FILE] [--dry-run] [--json]"""

from accounts.management.importing import ImportCommand


class Command(ImportCommand):
    help = "Import a forecast made elsewhere from a CSV file or a workbook, one row an interval."
    kind = "forecast"
