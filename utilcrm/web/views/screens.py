"""Plain screens: a list by keyset pages, and one record's page."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views import View

from utilcrm.web import htmx, keyset
from utilcrm.web.forms import Form


class Screen(View):
    """
    A page that asks two questions before it answers: may this person, and which rows.

    `setup` loads the record through `visible_to(user)`, so a row that somebody may not see is
    404; `dispatch` asks for `permission_required`, so an operation not granted is 403. Somebody
    not logged in goes to the log-in page. A page for the public sets `login_required = False`.
    """

    model: type[Model] | None = None
    permission_required: str | tuple[str, ...] = ()
    login_required = True
    # A form asks first if the agent has turned to another customer since its page was opened. True
    # for what concerns no customer, turns to one itself, or saves while somebody types.
    own_contact = False
    # What a stranger on the telephone must not be able to change: closed while a contact is under
    # way whose caller has not been verified.
    is_sensitive = False
    template_name = ""
    partial_template_name = ""
    title: Any = ""
    request: HttpRequest

    def get_queryset(self) -> QuerySet[Any]:
        """Return the rows this person may see."""
        if self.model is None:
            raise ImproperlyConfigured(f"{type(self).__name__} names no model")
        return self.model._default_manager.visible_to(self.request.user)  # type: ignore[attr-defined]

    def has_permission(self) -> bool:
        """Return whether the person holds every permission that the screen names."""
        needed = self.permission_required
        names = (needed,) if isinstance(needed, str) else needed
        return all(self.request.user.has_perm(name) for name in names if name)

    def load(self) -> None:
        """Load what the screen is about; runs before the permission is asked for."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Take the request in, and load the record unless nobody is logged in."""
        super().setup(request, *args, **kwargs)
        if not self.login_required or request.user.is_authenticated:
            self.load()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Turn away who is not logged in or not allowed."""
        if self.login_required and not request.user.is_authenticated:
            return self.to_login()
        if not self.has_permission():
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def to_login(self) -> HttpResponse:
        """Send to the log-in page and back here; a fragment sends its whole page there."""
        if not htmx.wants_partial(self.request):
            return redirect_to_login(self.request.get_full_path())
        back = self.request.headers.get("HX-Current-URL", "/")
        response = HttpResponse(status=204)
        response["HX-Redirect"] = redirect_to_login(back)["Location"]
        return response

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Return what the template gets."""
        return {"view": self, "title": self.title, **extra}

    def show(self, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
        """Render the page, or its fragment if htmx asks and there is one."""
        partial = self.partial_template_name and htmx.wants_partial(self.request)
        template = self.partial_template_name if partial else self.template_name
        response = render(self.request, template, context, status=status)
        if self.partial_template_name:
            response["Vary"] = "HX-Request"
        return response


class DetailScreen(Screen):
    """
    One record's page at `<uuid:uuid>/`; the record is `subject` in view and template.

    `get_queryset` may add `select_related`; `context_name` gives the record a second name.
    """

    lookup = "uuid"
    context_name = ""
    subject: Any = None

    def load(self) -> None:
        """Load the record or answer 404."""
        lookup = {self.lookup: self.kwargs[self.lookup]}
        self.subject = get_object_or_404(self.get_queryset(), **lookup)

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the record."""
        if self.context_name:
            extra[self.context_name] = self.subject
        return super().get_context_data(subject=self.subject, **extra)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the record."""
        return self.show(self.get_context_data())


class ListScreen(Screen):
    """
    A list by keyset pages: `?after=<cursor>`; the template gets `page` and `filters`.

    `order` names non-null columns and ends in a unique one. `filter_form_class` is a plain form
    read from the query string; `narrow` applies what it holds.
    """

    order: tuple[str, ...] = ("-id",)
    page_size = 25
    filter_form_class: type[Form] | None = None

    def narrow(self, rows: QuerySet[Any], chosen: dict[str, Any]) -> QuerySet[Any]:
        """Return the rows that fit the filter's cleaned values."""
        return rows

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show one page of the list; an invalid filter narrows nothing and says so."""
        rows = self.get_queryset()
        filters = self.filter_form_class(request.GET or None) if self.filter_form_class else None
        if filters is not None and filters.is_bound and filters.is_valid():
            rows = self.narrow(rows, filters.cleaned_data)
        try:
            page = keyset.paginate(
                rows, order=self.order, size=self.page_size, cursor=request.GET.get("after", "")
            )
        except keyset.BadCursor as error:
            raise Http404 from error
        return self.show(self.get_context_data(page=page, filters=filters))
