"""Django's migrate, sparing with models: see `people.sparing`."""

from __future__ import annotations

from django.core.management.commands import migrate

from keybook.apps.people.sparing import SparingExecutor

# The command has no other place to say which executor it uses.
migrate.MigrationExecutor = SparingExecutor  # type: ignore[attr-defined]


class Command(migrate.Command):
    """Bring the tables up to the version of the code."""
