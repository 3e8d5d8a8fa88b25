"""The database engine for SQLite, with a queue for the writers of a process."""
