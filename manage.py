#!/usr/bin/env python
import os
import sys

if __name__ == "__main__":
    os.umask(0o077)  # the database, the key and the pictures are readable by their owner only
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
