"""Addresses of the premises app."""

app_name = "premises"
urlpatterns: list[object] = []
