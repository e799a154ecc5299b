"""The Django configuration of this app."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The RM's desk: Today, the Customer page, search."""

    name = "keybook.apps.desk"
    label = "desk"

    def ready(self) -> None:
        """Let the sign-in page of the demo say what waits for each persona."""
        from keybook.apps.desk.queries.waiting import waiting
        from keybook.apps.people.personas import say_what_waits

        say_what_waits(waiting)
