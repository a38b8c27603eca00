"""Addresses of the devices app."""

from django.urls import path

from devices.views import orders, places, records

app_name = "devices"

urlpatterns = [
    path("orders/", orders.OrderList.as_view(), name="orders"),
    path("orders/<uuid:uuid>/", orders.OrderPage.as_view(), name="order"),
    path("orders/<uuid:uuid>/keep/", orders.KeepOrder.as_view(), name="order_keep"),
    path("orders/<uuid:uuid>/state/", orders.OrderState.as_view(), name="order_state"),
    path("orders/<uuid:uuid>/cancel/", orders.CancelOrder.as_view(), name="order_cancel"),
    path("places/<uuid:uuid>/", places.PlacePage.as_view(), name="place"),
    path("places/<uuid:uuid>/order/<slug:kind>/", orders.StartOrder.as_view(), name="order_new"),
    path("installed/<uuid:uuid>/", places.DevicePage.as_view(), name="device"),
    path("<uuid:uuid>/", records.DeviceInfoRecordPage.as_view(), name="detail"),
]
