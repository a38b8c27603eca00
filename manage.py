#!/usr/bin/env python
"""Django's command line; `python3 run.py manage …` runs it with the environment of the running stack."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "utilcrm.settings.development")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
