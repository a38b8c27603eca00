"""Addresses of the product catalogue."""

from django.urls import path

from products.views import catalogue

app_name = "products"

urlpatterns = [path("", catalogue.Catalogue.as_view(), name="list")]
