"""manage.py import_interactions --client acme FILE [--mapping FILE] [--dry-run] [--json]"""

from accounts.management.importing import ImportCommand


class Command(ImportCommand):
    help = "Import interactions of one client from a CSV file or a workbook. Exit 0, or 1 if rows were rejected."
    kind = "interactions"
