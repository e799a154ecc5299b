"""What every installation shares."""

from __future__ import annotations

import os
from pathlib import Path

import pghistory

from keybook import database
from keybook.settings import mail

HERE = Path(__file__).resolve().parent.parent
HOME = database.home()
LAKE = Path(os.environ.get("KEYBOOK_LAKE", HOME / "lake"))

DEBUG = False
DEMO = False
DICTATION = os.environ.get("KEYBOOK_DICTATION") == "1"  # off: some browsers have their maker's servers listen
AS_WEB = os.environ.get("KEYBOOK_AS_WEB") == "1"  # this process serves pages: it connects as the bound role
SECRET_KEY = os.environ.get("KEYBOOK_SECRET_KEY", "")
ALLOWED_HOSTS: list[str] = [host for host in os.environ.get("KEYBOOK_HOSTS", "").split(",") if host]
ROOT_URLCONF = "keybook.web.urls"
WSGI_APPLICATION = "keybook.web.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.Staff"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "keybook.apps.people",
    "keybook.apps.audit",
    "keybook.apps.customers",
    "keybook.apps.feeds",
    "keybook.apps.interactions",
    "keybook.apps.standards",
    "keybook.apps.ledger",
    "keybook.apps.reminders",
    "keybook.apps.gifts",
    "keybook.apps.memos",
    "keybook.apps.pocket",
    "keybook.apps.notices",
    "keybook.apps.gate",
    "keybook.apps.proposals",
    "keybook.apps.plans",
    "keybook.apps.campaigns",
    "keybook.apps.events",
    "keybook.apps.handover",
    "keybook.apps.team",
    "keybook.apps.desk",
    "keybook.web",
]

MIDDLEWARE = [
    "keybook.web.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "keybook.apps.audit.middleware.RefusalMiddleware",
    "keybook.apps.people.middleware.ScopeMiddleware",
    "keybook.web.access.AccessMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [HERE / "web" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "keybook.web.environment.environment",
            "context_processors": [
                "django.contrib.messages.context_processors.messages",
                "keybook.web.speaking.one_token",
            ],
        },
    },
    {  # allauth's own mails and the pages we have not replaced
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "web" / "django_templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [HERE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = HERE / "web" / "static"  # built by scripts/assets.py: names carry the content's hash, .br and .gz beside
WHITENOISE_MAX_AGE = 3600
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+\.[0-9a-f]{10}\..+$"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"

AUTHENTICATION_BACKENDS = ["keybook.apps.people.backend.Backend"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = "code"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "keybook.apps.people.backend.Accounts"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_SESSION_REMEMBER = False
MFA_TOTP_ISSUER = "Keybook"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
CSRF_FAILURE_VIEW = "keybook.web.views.csrf_failed"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["code", "name", "email"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

SESSION_ENGINE = "keybook.apps.people.sessions"
SESSION_COOKIE_AGE = 12 * 3600  # idle: people.middleware renews it once in a quarter of an hour
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False  # the page's own script sends it back in a header
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
PUBLIC_URL = os.environ.get("KEYBOOK_URL", "").rstrip("/")  # where people reach this installation: links in mails
OUTBOUND_ALLOW = [host.strip() for host in os.environ.get("KEYBOOK_OUTBOUND_ALLOW", "").split(",") if host.strip()]
OUTBOUND_CA = os.environ.get("KEYBOOK_OUTBOUND_CA", "")  # a bank's own authority, as a file
globals().update(mail.settings_from(os.environ))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"discreet": {"()": "keybook.logs.Discreet"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "discreet"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"django": {"handlers": [], "level": "WARNING", "propagate": True}},
}


# History rows carry who and which request in themselves: append-only, one insert, nothing to join.
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(related_name="+", db_index=True)
PGHISTORY_APPEND_ONLY = True


def databases(url: str | None, *, as_web: bool, durable: bool = True) -> dict[str, dict[str, object]]:
    """DATABASES for this process: the web server connects as the role that row-level security binds."""
    if url:
        address = database.parse(os.environ.get("DATABASE_WEB_URL", url) if as_web else url)
        return {"default": address.as_django()}
    address = database.start_embedded(HOME / "postgres", durable=durable)
    database.ensure_database(address, "keybook")
    entry = address.as_django()
    entry["NAME"] = "keybook"
    if as_web:
        entry["USER"] = database.WEB_ROLE
    return {"default": entry}
