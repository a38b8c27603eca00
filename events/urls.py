"""Addresses of the events app."""

from django.urls import path

from events.views import monitor

app_name = "events"
urlpatterns = [
    path("messages/", monitor.Messages.as_view(), name="messages"),
    path("messages/retry/", monitor.RetryMany.as_view(), name="messages_retry"),
    path("messages/<uuid:uuid>/", monitor.Message.as_view(), name="message"),
    path("messages/<uuid:uuid>/retry/", monitor.Retry.as_view(), name="message_retry"),
    path("messages/<uuid:uuid>/cancel/", monitor.Cancel.as_view(), name="message_cancel"),
]
