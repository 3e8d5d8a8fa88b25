"""The demo team Harbour Works and its week, which `manage.py demo` writes into an empty database.

`content/` holds the texts as data; its README describes the format. `script` reads them, `week` computes when
each message is sent, `stage` sends them with the same functions as the views, `password` stores the password.
"""
