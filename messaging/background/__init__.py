"""Work that outlives a request: a queue in the database, and the loop that runs it.

A task is a small function in the module whose code it runs, declared by `messaging.models.db.tasks.task`:

    @task()
    def run_deletion(code: str) -> None: ...

    run_deletion.enqueue(str(deletion.pk))  # in the caller's transaction: a rollback undoes it

The rules for a task:

- It may run twice, also at the same time, when a process was killed or lost its database for a while. So it
  is idempotent, or continues from what it committed.
- Its arguments are ids. Texts would stay in the table after their author is deleted.
- It takes about ten seconds at most, since one loop runs one task at a time. Longer work does a part and
  enqueues itself again: others get their turn, and its attempts are counted anew.

Periodic work is listed in `schedule.py`.
"""
