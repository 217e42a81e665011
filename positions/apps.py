"""The domain as a Django application."""

from django.apps import AppConfig, apps
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate


class PositionsConfig(AppConfig):
    name = "positions"
    verbose_name = "Positions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Importing `waiting` registers its work lists.
        from positions import checks, search, waiting  # noqa: F401

        register(checks.declared_constraints, Tags.database)
        search.subscribe()
        post_migrate.connect(_make_defaults, dispatch_uid="positions.defaults")


def _make_defaults(sender, using="default", **kwargs) -> None:
    """Once every application is migrated, groups and codebook are there."""
    from positions.defaults import setup_defaults

    last = [config for config in apps.get_app_configs() if config.models_module][-1]
    if sender is last and using == "default":
        setup_defaults()
