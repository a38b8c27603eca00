"""Choose the language of one's own screens."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View

from access.services.people import choose_language


class ChooseLanguage(LoginRequiredMixin, View):
    """Store the language on the user and return to the page that was open."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Store a known language; ignore an unknown one."""
        language = request.POST.get("language", "")
        if language in dict(settings.LANGUAGES):
            choose_language(user=request.user, language=language)
        target = request.POST.get("next", "/")
        if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
            target = "/"
        return HttpResponseRedirect(target)
