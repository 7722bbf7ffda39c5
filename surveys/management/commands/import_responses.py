"""manage.py import_responses --client acme FILE [--mapping FILE] [--dry-run] [--json]"""

from accounts.management.importing import ImportCommand


class Command(ImportCommand):
    help = "Import ratings that another survey collected about known interactions. Exit 0, or 1 if rows were rejected."
    kind = "responses"
