"""`config.settings_from`: what a deployment may be told, and what it refuses to start with."""

import os
import stat

import pytest

from config import UnusableSettingsError, role_of, settings_from

SERVER = {
    "DATABASE_URL": "postgresql://chu:mat%40khau@may-chu:5433/motcua",
    "SECRET_KEY": "k" * 40,
    "PERSONAL_DATA_KEY": "p" * 40,
}


def refused(environ):
    with pytest.raises(UnusableSettingsError) as refusal:
        settings_from(environ)
    return str(refusal.value)


def test_without_a_database_url_it_is_a_trial_on_this_machine_only(tmp_path):
    found = settings_from({"DATA_DIR": str(tmp_path)})
    assert (found.demo, found.embedded_redis, found.host, found.port) == (True, True, "127.0.0.1", 8080)
    assert (role_of(found.database_url), role_of(found.owner_database_url)) == ("mc_app", "mc_owner")
    assert found.public_url == "http://127.0.0.1:8080"
    assert not found.secure_cookies


def test_a_trial_makes_its_keys_once_and_only_its_owner_can_read_them(tmp_path):
    first, second = (settings_from({"DATA_DIR": str(tmp_path)}) for _ in range(2))
    assert first == second
    assert len({first.secret_key, first.personal_data_key}) == 2
    assert stat.S_IMODE((tmp_path / "secrets" / "embedded.json").stat().st_mode) == 0o600
    assert [file.name for file in (tmp_path / "secrets").iterdir()] == ["embedded.json"]


def test_a_trial_is_never_opened_to_the_network(tmp_path):
    assert "127.0.0.1" in refused({"DATA_DIR": str(tmp_path), "HOST": "0.0.0.0"})


@pytest.mark.parametrize("name", ["SECRET_KEY", "PERSONAL_DATA_KEY"])
@pytest.mark.parametrize("value", ["", "   ", "quá-ngắn"])
def test_with_a_database_url_keys_of_ones_own_are_required(name, value):
    sentence = refused({**SERVER, name: value})
    assert f"phải đặt {name} riêng" in sentence
    assert f"{name} of at least 32 random characters is required" in sentence


def test_one_key_for_two_purposes_is_refused():
    assert "phải khác nhau" in refused({**SERVER, "PERSONAL_DATA_KEY": SERVER["SECRET_KEY"]})


def test_with_a_database_url_there_are_no_demo_accounts():
    assert settings_from(SERVER).demo is False


def test_the_application_never_works_as_the_owner():
    found = settings_from(SERVER)
    assert found.owner_database_url == "postgresql+psycopg://chu:mat%40khau@may-chu:5433/motcua"
    assert found.app_role == "motcua_app"
    assert found.database_url.endswith("@may-chu:5433/motcua")
    assert "APP_DATABASE_URL" in refused({**SERVER, "APP_DATABASE_URL": "postgresql://chu:x@may-chu/motcua"})


def test_the_derived_password_follows_the_secret_key():
    assert settings_from(SERVER).database_url == settings_from(SERVER).database_url
    assert settings_from(SERVER).database_url != settings_from({**SERVER, "SECRET_KEY": "z" * 40}).database_url


@pytest.mark.parametrize(
    "url", ["sqlite:///x.db", "mysql://a:b@c/d", "postgresql://may-chu/motcua", "postgresql://a:b@c"]
)
def test_a_database_url_that_cannot_work_is_refused_without_showing_it(url):
    sentence = refused({**SERVER, "DATABASE_URL": url})
    assert "DATABASE_URL phải có dạng" in sentence
    assert url not in sentence


@pytest.mark.parametrize(("name", "value"), [("PORT", "0"), ("PORT", "65536"), ("PORT", "tám"), ("PORT", "-1"),
                                             ("SESSION_IDLE_MINUTES", "0"), ("TRUSTED_PROXIES", "1.5")])  # fmt: skip
def test_a_number_out_of_its_bounds_is_refused_by_name(tmp_path, name, value):
    assert refused({"DATA_DIR": str(tmp_path), name: value}).startswith(f"{name}={value} ")


def test_one_redis_serves_both_purposes_where_only_one_is_named():
    broker = settings_from({**SERVER, "CELERY_BROKER_URL": "redis://r:6379/2"})
    assert (broker.redis_url, broker.embedded_redis) == ("redis://r:6379/2", False)
    sessions = settings_from({**SERVER, "REDIS_URL": "unix:///run/redis.sock?db=3"})
    assert sessions.celery_broker_url == "redis+socket:///run/redis.sock?virtual_host=3"
    assert not sessions.embedded_redis


def test_a_broker_that_is_no_redis_leaves_the_private_redis_for_sessions():
    found = settings_from({**SERVER, "CELERY_BROKER_URL": "amqp://mq"})
    assert found.celery_broker_url == "amqp://mq"
    assert found.redis_url.startswith("unix://")
    assert found.embedded_redis


def test_cookies_are_secure_where_people_come_over_https():
    found = settings_from({**SERVER, "PUBLIC_URL": "https://motcua.example.vn/"})
    assert (found.public_url, found.secure_cookies) == ("https://motcua.example.vn", True)


def test_nothing_is_read_from_the_environment_behind_the_back(tmp_path, monkeypatch):
    monkeypatch.setenv("PORT", "9999")
    assert os.environ["PORT"] == "9999"
    assert settings_from({"DATA_DIR": str(tmp_path)}).port == 8080
