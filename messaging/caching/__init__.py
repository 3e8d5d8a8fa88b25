"""Caches whose keys contain the versions of everything that is shown, so a write invalidates nothing.

The key of a page of a message list contains the version of the conversation, that of a message its own
version; both contain the version of people's names and of the program. After a write the key is another one,
and the old entry expires. Only when people are deleted, all entries are dropped, so that no copy stays.
"""
