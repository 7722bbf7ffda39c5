"""manage.py import_callbacks --client acme FILE [--mapping FILE] [--dry-run] [--json]"""

from accounts.management.importing import ImportCommand


class Command(ImportCommand):
    help = "Import callbacks with their promised windows from a CSV file or a workbook."
    kind = "callbacks"
