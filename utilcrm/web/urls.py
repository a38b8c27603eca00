"""The style guide; only where `settings.STYLEGUIDE` says so."""

from django.urls import path

from utilcrm.web.views import styleguide

app_name = "web"

urlpatterns = [
    path("", styleguide.Workbench.as_view(), name="styleguide"),
    path("public/", styleguide.Public.as_view(), name="styleguide_public"),
    path("errors/", styleguide.Errors.as_view(), name="styleguide_errors"),
    path("search/", styleguide.search, name="styleguide_search"),
    path("journey/", styleguide.journey, name="styleguide_journey"),
    path("dialog/", styleguide.dialog, name="styleguide_dialog"),
    path("form/", styleguide.Form.as_view(), name="styleguide_form"),
    path("error/<int:status>/", styleguide.error, name="styleguide_error"),
]
