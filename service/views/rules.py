"""Classes of cases and texts of letters: what administrators set without code."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from access.models import User
from service.choices import OPEN, LetterPurpose
from service.forms.rules import ClassForm, DayForm, LetterForm, ModuleForm, NewClassForm
from service.forms.working import NoFields
from service.models import CalendarDay, CaseClass, LetterText, TextModule
from service.services.lettering import names_known
from service.services.ruling import (
    RulesContradict,
    TextNotUsable,
    add_day,
    change_class,
    change_letter,
    change_module,
    make_class,
    remove_day,
)
from utilcrm import clock
from utilcrm.web.views import OperationView, Screen

EDIT = "service.edit_caseclass"
_CENT = Decimal("0.01")


class Rules(Screen):
    """All classes with their clocks, and all texts."""

    permission_required = EDIT
    template_name = "service/rules.html"
    title = _("Classes of cases")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show them."""
        running = Count("cases", filter=Q(cases__status__in=OPEN))
        return self.show(
            self.get_context_data(
                classes=CaseClass.objects.annotate(running=running).order_by("position", "label"),
                texts=LetterText.objects.order_by("purpose", "kind", "language"),
                modules=TextModule.objects.order_by("code", "language"),
                days=CalendarDay.objects.filter(day__gte=clock.today()).order_by("day"),
                no_rail=True,
            )
        )


class _Rule(OperationView):
    """Rules hold no customer's data: whoever may change them sees them all."""

    permission_required = EDIT
    is_versioned = True
    success_message = _("Saved.")

    def load(self) -> None:
        """Load the rule, and know the way back."""
        super().load()
        self.cancel_url = reverse("service:rules")

    def get_queryset(self) -> QuerySet[Any]:
        """Return them all."""
        return cast("QuerySet[Any]", self.model._default_manager.all())  # type: ignore[union-attr]

    @property
    def actor(self) -> User:
        """Who does it."""
        return cast("User", self.request.user)

    def get_success_url(self, result: Any) -> str:
        """Go back to the list."""
        return reverse("service:rules")


class EditClass(_Rule):
    """Change a class."""

    model = CaseClass
    form_class = ClassForm
    template_name = "service/class.html"
    title = _("Class of cases")
    refusals = {RulesContradict: None}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Keep a class from following itself."""
        return {"own": self.subject}

    def get_initial(self) -> dict[str, Any]:
        """Show the present rules."""
        own: CaseClass = self.subject
        initial = {name: getattr(own, name) for name in ClassForm.base_fields}
        amount = own.compensation_amount
        initial["next_class"] = own.next_class_id
        initial["compensation_amount"] = amount.quantize(_CENT) if amount is not None else None
        return initial

    def perform(self, form: ClassForm) -> CaseClass:
        """Make the one service call."""
        return change_class(
            case_class=self.subject,
            version=self.version,
            actor=self.actor,
            **form.cleaned_data,
        )


class MakeClass(_Rule):
    """Make a class."""

    form_class = NewClassForm
    template_name = "service/class.html"
    is_versioned = False
    title = _("New class of cases")
    refusals = {RulesContradict: None}

    def get_initial(self) -> dict[str, Any]:
        """Propose what most classes have."""
        return {
            "is_active": True,
            "clock_length": 10,
            "clock_unit": "WORKING_DAY",
            "receipt_unit": "WORKING_DAY",
            "warn_percent": 70,
            "closes_after_days": 0,
            "answer_parts": ["number", "decision", "contact"],
        }

    def perform(self, form: NewClassForm) -> CaseClass:
        """Make the one service call."""
        return make_class(actor=self.actor, **form.cleaned_data)


class EditLetter(_Rule):
    """Write the text of a letter anew."""

    model = LetterText
    form_class = LetterForm
    template_name = "service/text.html"
    title = _("Text of a letter")
    refusals = {TextNotUsable: "body"}

    def get_initial(self) -> dict[str, Any]:
        """Show the present text."""
        return {"title": self.subject.title, "body": self.subject.body}

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Say which names can stand in braces, and which parts classes demand."""
        text: LetterText = self.subject
        return super().get_context_data(
            text=text, demanded=_demanded(text), names=names_known(), **extra
        )

    def perform(self, form: LetterForm) -> LetterText:
        """Make the one service call."""
        return change_letter(
            text=self.subject, version=self.version, actor=self.actor, **form.cleaned_data
        )


class EditModule(_Rule):
    """Write a text module anew."""

    model = TextModule
    form_class = ModuleForm
    title = _("Text module")

    def get_initial(self) -> dict[str, Any]:
        """Show the present text."""
        return {"label": self.subject.label, "text": self.subject.text}

    def perform(self, form: ModuleForm) -> TextModule:
        """Make the one service call."""
        return change_module(
            module=self.subject, version=self.version, actor=self.actor, **form.cleaned_data
        )


class AddDay(_Rule):
    """Say that the company works on a day against the rule, or not."""

    form_class = DayForm
    is_versioned = False
    title = _("Day of the company's calendar")
    intro = _("For clocks that count working days. Open cases keep their dates.")

    def perform(self, form: DayForm) -> CalendarDay:
        """Make the one service call."""
        return add_day(actor=self.actor, **form.cleaned_data)


class RemoveDay(_Rule):
    """Let the country's rule count again for a day."""

    model = CalendarDay
    form_class = NoFields
    is_versioned = False
    title = _("Take the day out of the company's calendar")
    submit_label = _("Take out")
    submit_variant = "danger"

    def load(self) -> None:
        """Say which day it is."""
        super().load()
        day: CalendarDay = self.subject
        self.intro = f"{date_format(day.day, 'DATE_FORMAT')}: {day.name}"

    def perform(self, form: NoFields) -> None:
        """Make the one service call."""
        remove_day(day=self.subject, actor=self.actor)


def _demanded(text: LetterText) -> list[tuple[str, list[str]]]:
    """Return the classes that demand parts of this letter which its text does not name."""
    classes = CaseClass.objects.filter(is_active=True)
    if text.kind:
        classes = classes.filter(kind=text.kind)
    found = []
    for one in classes.order_by("position", "label"):
        demanded = one.mandatory(LetterPurpose(text.purpose))
        missing = [part for part in demanded if f"{{{part}}}" not in text.body]
        if missing:
            found.append((one.label, missing))
    return found
