from django.db import migrations, models

# Both words for the level at which mentions, and replies in one's threads, count as unread.
BEFORE, AFTER = "mentions", "personal"


def set_level(apps, before, after):
    membership, user = (apps.get_model("messaging", name) for name in ("Membership", "User"))
    membership.objects.filter(notification_level=before).update(notification_level=after)
    user.objects.filter(default_notification_level=before).update(default_notification_level=after)


def forwards(apps, schema_editor):
    set_level(apps, BEFORE, AFTER)


def backwards(apps, schema_editor):
    set_level(apps, AFTER, BEFORE)


class Migration(migrations.Migration):

    dependencies = [
        ('messaging', '0002_sent_hmac'),
    ]

    operations = [
        migrations.RenameField('accountdeletion', 'account_goes', 'deletes_account'),
        migrations.RenameField('accountdeletion', 'due', 'total'),
        migrations.RenameField('accountdeletion', 'gone', 'deleted'),
        migrations.RenameField('installation', 'room_makers', 'room_creators'),
        migrations.RenameField('invitation', 'made_by', 'created_by'),
        migrations.RenameField('invitation', 'made_at', 'created_at'),
        migrations.RenameField('user', 'title_count', 'title_counts'),
        migrations.AlterField(
            model_name='membership',
            name='notification_level',
            field=models.CharField(choices=[('all', 'All messages'), ('personal', 'Mentions, and replies in threads that you wrote in'), ('muted', 'Nothing (mentions are still listed under Notifications)')], default='all', max_length=8),
        ),
        migrations.AlterField(
            model_name='user',
            name='default_notification_level',
            field=models.CharField(choices=[('all', 'All messages'), ('personal', 'Mentions, and replies in threads that you wrote in'), ('muted', 'Nothing (mentions are still listed under Notifications)')], default='all', max_length=8),
        ),
        migrations.AlterField(
            model_name='user',
            name='title_counts',
            field=models.CharField(choices=[('all', 'All unread messages'), ('personal', 'Only direct messages, mentions and replies to you')], default='all', max_length=8),
        ),
        migrations.RunPython(forwards, backwards),
    ]
