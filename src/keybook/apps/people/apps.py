"""The Django configuration of this app."""

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.signals import connection_created


class PeopleConfig(AppConfig):
    """Staff, roles, branches, deputies, and who may see which customers."""

    name = "keybook.apps.people"
    label = "people"

    def ready(self) -> None:
        """Have every connection of a web server checked."""
        if getattr(settings, "AS_WEB", False):
            connection_created.connect(refuse_unbound, dispatch_uid="people.refuse_unbound")


def refuse_unbound(*, connection: Any, **_kwargs: object) -> None:
    """Raise ImproperlyConfigured when pages would be served as a role that row-level security does not bind."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.rolname, r.rolsuper OR r.rolbypassrls OR EXISTS (SELECT 1 FROM pg_class c "
            "WHERE c.relname = 'customers_customer' AND pg_has_role(r.oid, c.relowner, 'MEMBER')) "
            "FROM pg_roles r WHERE r.rolname = current_user"
        )
        name, unbound = cursor.fetchone()
    if unbound:
        connection.close()
        raise ImproperlyConfigured(
            f"The web server connects as {name}, which row-level security does not bind: give DATABASE_WEB_URL the role keybook_web."
        )
