"""Copies of an installation: making them while it runs, verifying them, and putting them back.

A copy is a folder, named by the UTC time at which it was made:

    2027-03-01T020000Z/
      manifest.json       what is in the copy, signed with the key (`manifest.py`)
      database.sqlite3    or database.dump, of pg_dump in its custom format
      secret_key
      files/              what the database names of the storage, under the same names

**A copy has every file that its database names.** While Parley runs, the bytes of a file are in the storage
before its row is committed, and are deleted after its row is. So neither "files first" nor "database first"
is enough: files first lacks what was uploaded meanwhile, database first what was removed meanwhile. A copy is
made in four steps (`making.py`):

1. The files that committed rows name are copied. (What no row names may be half written.)
2. The database is copied, as it was at one moment.
3. The files that this copy names and that step 1 did not find are copied. Those that it does not name any
   more are deleted from the copy.
4. A file that is not there any more is taken from the previous copy. If that lacks it too, its row was
   deleted after step 2, or it was lost before. If the living database does not name it, it was removed
   meanwhile, and steps 2 to 4 are repeated. If it does, the file is lost, which the manifest and the output
   say.

**A copy that is interrupted is never taken for a whole one.** It is made in a folder whose name ends in
`.unfinished`; the manifest is written last, everything is on the disk, and only then the folder gets its
name. The next backup deletes what is unfinished.

Files are never changed under their name, so a copy shares those of the one before by hard links.
"""
