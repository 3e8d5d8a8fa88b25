"""By itself, so that no transaction holds the locks of two tables that running processes use in another order."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('messaging', '0002_search_index'),
    ]

    operations = [
        migrations.AddField(
            model_name='conversation',
            name='created_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
