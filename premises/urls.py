"""Addresses of the premises app."""

from django.urls import path

from premises.views import checking, creating, finding, serving

app_name = "premises"

urlpatterns = [
    path("find/", finding.FindPremise.as_view(), name="find"),
    path("points-of-delivery/new/", finding.FindPremise.as_view(), name="create_delivery_point"),
    path("vacant/", finding.VacantPremises.as_view(), name="vacant"),
    path("new/", creating.CreatePremise.as_view(), name="create"),
    path("check/", checking.CheckPod.as_view(), name="check"),
    path("<uuid:uuid>/points-of-delivery/new/", creating.CreatePod.as_view(), name="pod_create"),
    path(
        "points-of-delivery/<uuid:uuid>/distributor/",
        serving.AssignDistributor.as_view(),
        name="distributor",
    ),
]
