"""What a database contains, as far as a copy of it is concerned."""

from typing import NamedTuple

from django.apps import apps
from django.db import connections, models
from django.db.migrations.recorder import MigrationRecorder

from messaging.models import Attachment, LinkPreview

# Models that name files in the storage in columns of text.
NAMING: dict[type[models.Model], tuple[str, ...]] = {
    Attachment: ("stored_as", "thumbnail"),
    LinkPreview: ("picture",),
}


class Contents(NamedTuple):
    """The names of files in the storage, the number of rows by table, and the applied migrations."""

    names: set[str]
    rows: dict[str, int]
    migrations: list[str]


def contents_of(alias: str) -> Contents:
    return Contents(stored_names(alias), row_counts(alias), applied_migrations(alias))


def stored_names(alias: str = "default") -> set[str]:
    """The names that committed rows have of files in the storage."""
    names: set[str] = set()
    for model, columns in _columns().items():
        for values in model._base_manager.using(alias).values_list(*columns).iterator():
            names.update(name for name in values if name)
    return names


def stored_sizes(alias: str = "default") -> dict[str, int]:
    """The sizes in bytes of the files of messages, as their rows say."""
    rows = Attachment.objects.using(alias).exclude(stored_as="")
    return dict(rows.values_list("stored_as", "size").iterator())


def row_counts(alias: str = "default") -> dict[str, int]:
    models_of_tables = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    return {
        model._meta.db_table: model._base_manager.using(alias).count()
        for model in models_of_tables
        if not model._meta.proxy
    }


def applied_migrations(alias: str = "default") -> list[str]:
    recorded = MigrationRecorder(connections[alias]).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in recorded)


def _columns() -> dict[type[models.Model], tuple[str, ...]]:
    found = dict(NAMING)
    for model in apps.get_models():
        files = tuple(f.name for f in model._meta.get_fields() if isinstance(f, models.FileField))
        if files and not model._meta.proxy:
            found[model] = found.get(model, ()) + files
    return found
