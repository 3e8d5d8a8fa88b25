"""SQLite, with the writers of a process in a queue: what `ENGINE` names."""
