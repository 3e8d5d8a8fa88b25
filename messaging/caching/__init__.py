"""Caches whose keys contain the versions of everything that is shown, so a write invalidates nothing.

The key of a page of a message list contains the version of the conversation, that of a message its own
version; both contain the version of people's names and of the program. After a write the key is another one,
and the old entry expires. When a person or all of a person's messages are deleted, both caches are emptied,
so that no copy stays.
"""
