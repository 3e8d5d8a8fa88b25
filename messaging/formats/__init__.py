"""How each language writes dates and times (`FORMAT_MODULE_PATH`), in Django's letters.

Templates name them: `{{ at|date:"DATETIME_FORMAT" }}`. Beside Django's names there are some of our own, so
every language must have every name (tests/test_formats.py). Times have 24 hours; "ZONED" adds the time zone.
"""
