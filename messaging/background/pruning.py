from messaging.background.models import QueuedTask
from messaging.models.db.tasks import task


@task()
def prune_tasks() -> None:
    """Delete the rows of tasks that finished more than a day ago, and of those given up after 30 days."""
    QueuedTask.objects.prune()
