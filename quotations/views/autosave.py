"""Autosave: a section of the quotation screen is sent by itself as soon as it changes."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from quotations.forms.editor import Editor, Section
from quotations.forms.merging import fresh_form
from quotations.models import QuotationItem
from quotations.services.drafting import NotADraft, keep_pending_input
from quotations.views.draft import DraftScreen
from utilcrm.db.models import StaleVersion
from utilcrm.web import htmx
from utilcrm.web.forms import Difference, Form, merge


class SaveSection(DraftScreen):
    """
    Save one section, and send back what it changes elsewhere.

    The form itself is left alone while somebody types in it, so nothing is typed over. What the
    form or the service refuses is kept with the draft. If somebody else has saved meanwhile, edits
    that fit together are put together; where both changed the same field, both values are shown.
    """

    # The page may be left at this very moment: nobody could answer a question.
    own_contact = True
    http_method_names = ["post"]
    template_name = "quotations/_saved.html"
    section = ""
    refusals: dict[type[Exception], str | None] = {}
    shows_again = False
    """Whether the section is drawn anew after saving, because its own fields may have changed."""

    def bind(self, editor: Editor, data: Any) -> Form:
        """Return the section's form with what was sent."""
        raise NotImplementedError

    def save(self, editor: Editor, form: Any, version: int | None) -> None:
        """Make the one service call."""
        raise NotImplementedError

    def key(self) -> str:
        """Return under which key refused input of the section is kept."""
        return self.section

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save what was sent."""
        if not self.subject.is_editable:
            return self.away()
        editor = Editor(self.subject, self.request.user)
        raw = request.POST.get("version", "")
        version = int(raw) if raw.isdigit() else None
        # What was refused before is drawn with its errors; once it is in order they have to go.
        self.shows_again = self.shows_again or self.key() in self.subject.pending_input
        return self._save(editor, self.bind(editor, request.POST), version)

    def _save(self, editor: Editor, form: Form, version: int | None) -> HttpResponse:
        if not form.is_valid():
            return self._refused(form)
        try:
            self.save(editor, form, version)
        except StaleVersion:
            return self._merged(form)
        except NotADraft:
            return self.away()
        except QuotationItem.DoesNotExist:
            return self._redrawn()
        except tuple(self.refusals) as refusal:
            form.add_error(self._field_of(refusal, form), str(refusal))
            return self._refused(form)
        return self._answer(form)

    def _field_of(self, refusal: Exception, form: Form) -> str | None:
        named = next(name for kind, name in self.refusals.items() if isinstance(refusal, kind))
        field = getattr(refusal, "field", None) or named
        return field if field in form.fields else None

    def _merged(self, form: Form) -> HttpResponse:
        """Put both people's edits together, or show both where they cannot be."""
        editor = self.editor()
        if not editor.quotation.is_editable:
            return self.away()
        fresh = fresh_form(self.bind(editor, self.request.POST))
        version = editor.quotation.version
        data, differences = merge(form, fresh, version)
        merged = self.bind(editor, data)
        if any(difference.is_clash for difference in differences):
            return self._answer(merged, differences=differences, status=409)
        self.shows_again = self.shows_again or bool(differences)
        return self._save(editor, merged, version)

    def _refused(self, form: Form) -> HttpResponse:
        """Keep what was typed, and say what is wrong with it."""
        typed = {
            name: self.request.POST.getlist(name)
            for name in self.request.POST
            if name not in {"csrfmiddlewaretoken", "version", "form_token"}
        }
        keep_pending_input(
            quotation_id=self.subject.pk, section=self.key(), typed=typed, actor=self.request.user
        )
        return self._answer(form, status=422)

    def _redrawn(self) -> HttpResponse:
        """Have the whole page drawn anew: what was edited has been taken out by somebody."""
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response

    def _answer(
        self, form: Form, *, differences: list[Difference] | None = None, status: int = 200
    ) -> HttpResponse:
        editor = self.editor()
        self.subject = editor.quotation
        context = self.get_context_data(
            editor=editor,
            form=form,
            saved=form if status != 200 else self.bind(editor, None),
            key=self.key(),
            section_name=self.section,
            section=self.section_in(editor),
            differences=differences,
            shows_again=bool(differences) or (self.shows_again and status == 200),
        )
        response = self.show(context, status=status)
        if not editor.missing:
            htmx.trigger(response, "quotation-complete")
        return response

    def section_in(self, editor: Editor) -> Section | None:
        """Return the item's section that the answer redraws; None for the terms."""
        return None


class ItemSection(SaveSection):
    """A section of one item."""

    def key(self) -> str:
        """Return the item's own key."""
        return f"{self.section}-{self.kwargs['item']}"

    def item_in(self, editor: Editor) -> QuotationItem:
        """Return the item that the address names, or answer 404."""
        found = next((one for one in editor.items if one.uuid == self.kwargs["item"]), None)
        if found is None:
            raise Http404
        return found

    def section_in(self, editor: Editor) -> Section | None:
        """Return the item's section."""
        return editor.section_of(self.kwargs["item"])
