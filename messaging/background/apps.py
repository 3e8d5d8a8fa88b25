from django.apps import AppConfig


class BackgroundConfig(AppConfig):
    name = "messaging.background"
    verbose_name = "Background work"
