from __future__ import annotations

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from utilcrm.celery import app as celery
from utilcrm.event_routes import DESTINATIONS, ROUTES


@pytest.mark.parametrize("destination", DESTINATIONS.values(), ids=DESTINATIONS)
def test_every_destination_names_a_real_handler(destination):
    handler = import_string(destination.handler)

    for step in ("deliver", "query", "applied"):
        assert callable(getattr(handler, step, None)), f"{destination.handler} has no {step}"


@pytest.mark.parametrize("event", ROUTES)
def test_every_route_leads_to_a_known_destination(event: str):
    unknown = [route for route in ROUTES[event] if route.destination not in DESTINATIONS]

    assert unknown == []


@pytest.mark.parametrize("event", ROUTES)
def test_every_event_is_named_app_noun_past_verb(event: str):
    app, _noun, _verb = event.split(".")

    assert app in settings.TENANT_APPS


@pytest.mark.parametrize("entry", celery.conf.beat_schedule)
def test_the_clock_rings_only_for_tasks_that_exist(entry: str):
    celery.loader.import_default_modules()

    assert celery.conf.beat_schedule[entry]["task"] in celery.tasks


@pytest.mark.parametrize(
    "path",
    [
        settings.SUBMISSION_GUARD,
        settings.DUNNING_PROVIDER,
        *settings.PREFLIGHT_PROVIDERS,
        *settings.JOURNEY_PROVIDERS,
        *settings.JOURNEY_STAGE_PROVIDERS,
    ],
)
def test_every_provider_that_settings_name_exists(path: str):
    assert callable(import_string(path))
