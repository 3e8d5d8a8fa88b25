"""The demo team: Harbour Works and its week, which `manage.py demo` puts into an empty database.

`content/` holds the words, as data (its README tells how to read them); `script` reads them, `week` says
when they are said, `stage` says them through the same verbs that people use, `password` keeps the sign-in.
"""
