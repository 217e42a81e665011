"""How the environment is read, and what production stands on."""

import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from positions.choices import Level

ROOT = Path(__file__).resolve().parents[1]
SYSTEM = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
PRODUCTION = {
    "DEBUG": "false",
    "SECRET_KEY": "k8!vQ2z@Lw5#nT9^xR4&mJ7*cF1(hD6)sG3-bY0_pUe5~WqZ8+aKd2%Vt",
    "ALLOWED_HOSTS": "positions.example.org",
}


def read_settings(monkeypatch, **environment):
    for name in list(os.environ):
        if name not in SYSTEM:
            monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(ROOT / "config" / "settings.py"))


def manage(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=SYSTEM | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_empty_environment_is_a_development_machine(monkeypatch):
    settings = read_settings(monkeypatch)
    assert settings["DEBUG"] is True
    assert settings["DATABASES"]["default"]["NAME"] == ROOT / "db.sqlite3"
    assert settings["READER_CLEARANCE"] == Level.UNCLASSIFIED
    assert settings["SELF_REVIEW"] is True
    assert settings["SECURE_SSL_REDIRECT"] is False


def test_production_is_strict_without_being_told(monkeypatch):
    settings = read_settings(monkeypatch, **PRODUCTION)
    assert settings["SECURE_SSL_REDIRECT"] is True
    assert settings["SESSION_COOKIE_SECURE"] is True
    assert settings["CSRF_COOKIE_SECURE"] is True
    assert settings["SECURE_HSTS_SECONDS"] == 365 * 24 * 60 * 60
    assert settings["SECURE_PROXY_SSL_HEADER"] is None
    assert "Manifest" in settings["STORAGES"]["staticfiles"]["BACKEND"]


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS"])
@pytest.mark.parametrize("given", ["missing", "empty"])
def test_production_needs_its_secret_and_its_hosts(monkeypatch, name, given):
    environment = dict(PRODUCTION)
    if given == "missing":
        del environment[name]
    else:
        environment[name] = ""
    with pytest.raises(ImproperlyConfigured, match=f"^{name}: it must be set"):
        read_settings(monkeypatch, **environment)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "flase"),
        ("DEBUG", ""),
        ("SELF_REVIEW", "2"),
        ("SECURE_SSL_REDIRECT", "maybe"),
        ("READER_CLEARANCE", "secret"),
        ("READER_CLEARANCE", "3"),
        ("UPLOAD_LIMIT_MB", "0"),
        ("UPLOAD_LIMIT_MB", "-1"),
        ("UPLOAD_LIMIT_MB", "1.5"),
        ("UPLOAD_LIMIT_MB", "٣"),
        ("SECURE_HSTS_SECONDS", "a year"),
        ("SECURE_PROXY_SSL_HEADER", "X-Forwarded-Proto: https"),
        ("CSRF_TRUSTED_ORIGINS", "positions.example.org"),
        ("CSRF_TRUSTED_ORIGINS", "https://a.example.org,b.example.org"),
        ("LOG_LEVEL", "loud"),
        ("DATABASE_URL", ""),
        ("DATABASE_URL", "/var/lib/db.sqlite3"),
        ("DATABASE_URL", "mysql://db.example.org/positions"),
        ("DATABASE_URL", "postgres://db.example.org/"),
        ("DATABASE_URL", "postgres://db.example.org:port/positions"),
        ("DATABASE_URL", "sqlite://:memory:"),
        ("DATABASE_URL", "sqlite:///"),
    ],
)
def test_a_wrong_value_stops_the_start_with_its_name(monkeypatch, name, value):
    with pytest.raises(ImproperlyConfigured, match=f"^{name}: .*[^.]\\.$"):
        read_settings(monkeypatch, **{name: value})


def test_a_wrong_database_address_is_not_repeated_as_it_holds_a_password(monkeypatch):
    with pytest.raises(ImproperlyConfigured) as refusal:
        read_settings(monkeypatch, DATABASE_URL="mysql://ada:lovelace@host/positions")
    assert "lovelace" not in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "value", "setting", "expected"),
    [
        ("DEBUG", "on", "DEBUG", True),
        ("SELF_REVIEW", "No", "SELF_REVIEW", False),
        ("READER_CLEARANCE", "U", "READER_CLEARANCE", Level.UNCLASSIFIED),
        ("READER_CLEARANCE", "SBU", "READER_CLEARANCE", Level.RESTRICTED),
        ("READER_CLEARANCE", "c", "READER_CLEARANCE", Level.CONFIDENTIAL),
        ("READER_CLEARANCE", "S", "READER_CLEARANCE", Level.SECRET),
        ("READER_CLEARANCE", "TS", "READER_CLEARANCE", Level.TOP_SECRET),
        ("UPLOAD_LIMIT_MB", "2", "UPLOAD_LIMIT_BYTES", 2_097_152),
        ("ALLOWED_HOSTS", "a.org, b.org", "ALLOWED_HOSTS", ["a.org", "b.org"]),
        (
            "SECURE_PROXY_SSL_HEADER",
            "X-Forwarded-Proto",
            "SECURE_PROXY_SSL_HEADER",
            ("HTTP_X_FORWARDED_PROTO", "https"),
        ),
        (
            "CSRF_TRUSTED_ORIGINS",
            "https://a.org,https://*.b.org",
            "CSRF_TRUSTED_ORIGINS",
            ["https://a.org", "https://*.b.org"],
        ),
    ],
)
def test_a_right_value_is_read(monkeypatch, name, value, setting, expected):
    assert read_settings(monkeypatch, **{name: value})[setting] == expected


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("sqlite:///data/positions.sqlite3", ROOT / "data" / "positions.sqlite3"),
        ("sqlite:////srv/positions.sqlite3", Path("/srv/positions.sqlite3")),
        ("postgres://ada:l%40ve@db.example.org:5433/positions", "positions"),
    ],
)
def test_the_database_is_named_by_its_address(monkeypatch, url, name):
    settings = read_settings(monkeypatch, DATABASE_URL=url)
    assert settings["DATABASES"]["default"]["NAME"] == name


def test_postgresql_connections_are_kept_and_checked(monkeypatch):
    url = "postgres://ada:l%40ve@db.example.org:5433/positions?sslmode=require"
    database = read_settings(monkeypatch, DATABASE_URL=url)["DATABASES"]["default"]
    assert database["CONN_MAX_AGE"] > 0
    assert database["CONN_HEALTH_CHECKS"] is True
    assert (database["PASSWORD"], database["PORT"]) == ("l@ve", 5433)
    assert database["OPTIONS"] == {"sslmode": "require"}


def test_no_script_and_no_style_may_stand_inside_a_page(monkeypatch):
    directives = read_settings(monkeypatch)["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]
    allowed = {source for sources in directives.values() for source in sources}
    assert allowed == {"'self'", "'none'", "data:"}
    assert directives["default-src"] == ["'self'"]
    assert "data:" in directives["img-src"]
    assert directives["frame-ancestors"] == ["'none'"]


def test_passwords_are_hashed_with_argon2(monkeypatch):
    assert "Argon2" in read_settings(monkeypatch)["PASSWORD_HASHERS"][0]


def test_manage_stops_with_one_line_naming_the_variable():
    run = manage("check", DEBUG="flase")
    assert run.returncode == 1
    assert run.stderr == (
        "Demarche cannot start. DEBUG: 'flase' is neither true nor false.\n"
    )


def test_the_deployment_check_is_clean_in_production(tmp_path):
    database = f"sqlite:///{tmp_path}/positions.sqlite3"
    run = manage(
        *("check", "--deploy", "--fail-level", "WARNING"),
        **PRODUCTION | {"DATABASE_URL": database},
    )
    assert run.returncode == 0, run.stderr
    assert "no issues" in run.stdout
