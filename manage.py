#!/usr/bin/env python
"""Runs a management command. Commands may use the owner's database identity; web and workers may not."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bpo.settings")
    os.environ.setdefault("BPO_MAY_OWN", "1")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
