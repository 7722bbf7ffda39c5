"""manage.py import_intervals --client acme FILE [--mapping FILE] [--dry-run] [--json]"""

from accounts.management.importing import ImportCommand


class Command(ImportCommand):
    help = "Import counts by interval from a CSV file or a workbook, one row an interval or one row a day."
    kind = "intervals"
