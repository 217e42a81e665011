"""Settings, read from the environment; README lists every variable."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent


# --- Reading the environment. A wrong value stops the start with its name:
# --- django-environ alone would take DEBUG=flase for false and go on.

T = TypeVar("T")


def read(name: str, cast: Callable[[str], T], default: T) -> T:
    """The variable as `cast` reads it, or `default` where it is not set.

    Raises ImproperlyConfigured with the variable's name where `cast` raises
    ValueError. The value itself is left to `cast` to tell: it may be a secret.
    """
    value = os.environ.get(name)
    if value is None:
        return default
    try:
        return cast(value.strip())
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}.") from None


def truth(text: str) -> bool:
    words = {"true": True, "yes": True, "on": True, "1": True}
    words |= {"false": False, "no": False, "off": False, "0": False}
    if text.lower() not in words:
        raise ValueError(f"{text!r} is neither true nor false")
    return words[text.lower()]


def whole_number(least: int) -> Callable[[str], int]:
    def cast(text: str) -> int:
        if not (text.isascii() and text.isdecimal() and int(text) >= least):
            raise ValueError(f"{text!r} is not a whole number of at least {least}")
        return int(text)

    return cast


def one_of(words: dict[str, T]) -> Callable[[str], T]:
    def cast(text: str) -> T:
        if text.upper() not in words:
            raise ValueError(f"{text!r} is none of {', '.join(words)}")
        return words[text.upper()]

    return cast


def names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def origins(text: str) -> list[str]:
    for origin in names(text):
        if not re.fullmatch(r"https?://[^/\s]+", origin):
            raise ValueError(f"{origin!r} is not like https://example.org")
    return names(text)


def header(text: str) -> tuple[str, str]:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", text):
        raise ValueError(f"{text!r} is not the name of a header")
    return f"HTTP_{text.upper().replace('-', '_')}", "https"


def database(url: str) -> dict[str, Any]:
    """Django's description of the database that a URL names."""
    scheme = urlsplit(url).scheme
    if scheme not in ("sqlite", "postgres", "postgresql"):
        raise ValueError("it begins with neither sqlite:/// nor postgres://")
    described: dict[str, Any] = environ.Env.db_url_config(url)
    if described.get("NAME", "") in ("", ":memory:"):
        raise ValueError("it names no database that lasts")
    if scheme != "sqlite":
        return described | POSTGRESQL
    # "/" keeps an absolute path as it is; a relative one starts at manage.py.
    return described | SQLITE | {"NAME": BASE_DIR / described["NAME"]}


# --- Development or production

DEBUG = read("DEBUG", truth, default=True)

SECRET_KEY = read(
    "SECRET_KEY", str, default="insecure-and-only-for-development" if DEBUG else ""
)
ALLOWED_HOSTS = read("ALLOWED_HOSTS", names, default=[])
if not SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY: it must be set.")
if not (ALLOWED_HOSTS or DEBUG):
    raise ImproperlyConfigured("ALLOWED_HOSTS: it must be set when DEBUG is off.")


# --- Rules of this installation

# The highest marking that a reader who is not a curator may read, as a level
# of positions.choices.Level.
READER_CLEARANCE = read(
    "READER_CLEARANCE",
    one_of({"U": 0, "SBU": 1, "C": 2, "S": 3, "TS": 4}),
    default=0,
)
# May a person accept or publish what the same person coded?
SELF_REVIEW = read("SELF_REVIEW", truth, default=True)

UPLOAD_LIMIT_BYTES = 2**20 * read("UPLOAD_LIMIT_MB", whole_number(1), default=25)
# A pasted document is a form field, not a file.
DATA_UPLOAD_MAX_MEMORY_SIZE = UPLOAD_LIMIT_BYTES
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000


# --- Parts

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"

INSTALLED_APPS = [
    "positions",
    "ingest",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "simple_history",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "positions.middleware.RequestLimits",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "positions.admin.signed_out.KeepTyped",
    "simple_history.middleware.HistoryRequestMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# A reason may be as long as the person who gives it wants; PostgreSQL would
# refuse the 101st character.
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True
SIMPLE_HISTORY_REVERT_DISABLED = True


# --- Database

SQLITE: dict[str, Any] = {
    "OPTIONS": {
        # A transaction takes the write lock when it begins: one that upgrades
        # from reading fails at once, without waiting for `timeout` (seconds).
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # Django itself turns foreign keys on.
        "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL",
    },
}
POSTGRESQL: dict[str, Any] = {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}

DATABASES = {
    "default": read("DATABASE_URL", database, default=database("sqlite:///db.sqlite3"))
}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


# --- People

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"


# --- Language, time and logs

LANGUAGE_CODE = "en-gb"
FORMAT_MODULE_PATH = "config.formats"
TIME_ZONE = "UTC"
USE_TZ = True

LOG_LEVEL = read(
    "LOG_LEVEL",
    one_of({level: level for level in ("DEBUG", "INFO", "WARNING", "ERROR")}),
    default="INFO",
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        name: {"handlers": ["console"], "level": LOG_LEVEL, "propagate": False}
        for name in ("django", "positions", "ingest")
    },
}


# --- Static files

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATIC_STORAGE = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
    if DEBUG
    else "whitenoise.storage.CompressedManifestStaticFilesStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": STATIC_STORAGE},
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG


# --- Security

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "positions.admin.signed_out.stale_token"
CSRF_TRUSTED_ORIGINS = read("CSRF_TRUSTED_ORIGINS", origins, default=[])

SESSION_COOKIE_SECURE = not DEBUG
CSRF_COOKIE_SECURE = not DEBUG
SECURE_SSL_REDIRECT = read("SECURE_SSL_REDIRECT", truth, default=not DEBUG)
# The header by which the proxy says that it was reached over TLS.
SECURE_PROXY_SSL_HEADER = read("SECURE_PROXY_SSL_HEADER", header, default=None)
SECURE_HSTS_SECONDS = read(
    "SECURE_HSTS_SECONDS", whole_number(0), default=0 if DEBUG else 31_536_000
)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_SECONDS > 0
SECURE_HSTS_PRELOAD = SECURE_HSTS_SECONDS > 0


# --- API

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": [
        "positions.api.renderers.Json",
        "positions.api.renderers.Browsable",
    ],
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.SessionAuthentication",
    ],
    # Everyone may ask; `visible_to` decides what each one is answered.
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "positions.api.schema.Schema",
    "EXCEPTION_HANDLER": "positions.api.errors.answer",
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Demarche",
    "DESCRIPTION": (
        "Who holds which position, on what, since when, and which paragraph says so."
    ),
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "OAS_VERSION": "3.1.0",
    # Named once here, where several shapes have a field of one name.
    "ENUM_NAME_OVERRIDES": {
        f"{name}Enum": f"positions.choices.{name}"
        for name in (
            "ActorKind",
            "OptionKind",
            "EventKind",
            "SourceKind",
            "VoiceKind",
            "CitationRole",
            "ParagraphRole",
            "StatementState",
            "StanceState",
            "Level",
            "EvidenceLevel",
            "SpeakerRank",
            "Publicity",
        )
    }
    | {
        "LayerEnum": "positions.api.answer_shapes.ONE_LAYER",
        "LayersEnum": "positions.answers.LAYERS",
        "LaneEnum": "positions.api.answer_shapes.LANES",
    },
}
