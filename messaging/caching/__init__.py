"""Caches whose keys hold everything that is shown, so that nothing has ever to be invalidated.

A page of a message list is stored under the conversation's version, a message under its own; both also under
the version of people's names and of the program. A write makes another key; the old ones fall out.
"""
