"""Django's Tasks API for the rest of the program: `@task()` declares a task, `.enqueue()` queues a call.

Django 6 brings it as `django.tasks`; until then `django-tasks` has the same names. No other file imports
`django_tasks`, so only this one has to change with Django 6.
"""

from django_tasks import TaskResult, TaskResultStatus, task
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task
from django_tasks.exceptions import InvalidTaskError

__all__ = ["BaseTaskBackend", "InvalidTaskError", "Task", "TaskResult", "TaskResultStatus", "task"]
