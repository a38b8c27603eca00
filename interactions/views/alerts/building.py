"""The alert modeler: rules and their versions, tried out on a customer, released by one or two."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from interactions.forms import NoForm
from interactions.forms.alerts import NewRuleForm, PreviewForm, RuleForm, initial_of
from interactions.models import AlertRule
from interactions.queries.alerts.checks import problems_of
from interactions.queries.alerts.describing import described, opens_of, role_labels
from interactions.queries.alerts.judging import judge, situation_of_account
from interactions.queries.alerts.sampling import share_of
from interactions.queries.guidance.texts import VARIABLES
from interactions.services.alerts import editing, releasing
from utilcrm.facts import sources
from utilcrm.web.views import DetailScreen, ListScreen, OperationView, Screen

EDIT = "interactions.edit_alert_rule"


class RuleRows(Screen):
    """Rules hold no customer's data: whoever may use the screen sees them all."""

    model = AlertRule

    def get_queryset(self) -> QuerySet[Any]:
        """Return every rule of the tenant."""
        return AlertRule.objects.select_related("last_by", "asked_by", "product")


class RuleList(RuleRows, ListScreen):
    """All rules, each version by itself, the newest first."""

    permission_required = EDIT
    template_name = "interactions/alerts/rules.html"
    title = _("Alerts")
    order = ("-id",)

    def get_queryset(self) -> QuerySet[Any]:
        """Fetch what a line says."""
        return super().get_queryset().prefetch_related("conditions", "measures")

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Say the conditions in words."""
        for rule in extra["page"].items:
            rule.sentence = described(rule)
        return super().get_context_data(no_rail=True, **extra)


class FactList(Screen):
    """What conditions may ask for: each fact with its meaning."""

    permission_required = EDIT
    template_name = "interactions/alerts/facts.html"
    title = _("Facts for alerts")

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the registry."""
        facts = [fact for source in sources() for fact in source.facts]
        return self.show(self.get_context_data(facts=facts, no_rail=True))


class NewRule(OperationView):
    """Begin a rule."""

    permission_required = EDIT
    form_class: Any = NewRuleForm
    template_name = "interactions/alerts/edit.html"
    title = _("New alert")
    submit_label = _("Save the draft")
    refusals = {editing.CodeTaken: "code"}

    def perform(self, form: NewRuleForm) -> AlertRule:
        """Make its first draft."""
        return editing.create_rule(
            actor=self.request.user, code=form.cleaned_data["code"], facts_=form.rule()
        )

    def form_valid(self, form: Any) -> HttpResponse:
        """Say at its field which condition cannot be meant."""
        try:
            return super().form_valid(form)
        except editing.ConditionRefused as refusal:
            form.add_error(form.field_of_condition(refusal.row, refusal.part), str(refusal))
            return self.form_invalid(form)

    def get_success_url(self, result: AlertRule) -> str:
        """Go on with trying it out."""
        return reverse("interactions:alert_rule", args=[result.uuid])

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add what the message may name, and what is known about each fact."""
        back = reverse("interactions:alert_rules")
        return super().get_context_data(
            **{"back_url": back, "back_label": _("Alerts"), **extra},
            variables=VARIABLES.items(),
            kinds={fact.key: fact.kind.value for source in sources() for fact in source.facts},
            no_rail=True,
        )


class EditRule(RuleRows, NewRule):
    """Change a draft; two people who change the same one are told about one another."""

    form_class = RuleForm
    title = _("Change the alert")
    is_versioned = True
    refusals = {editing.RuleNotEditable: None}

    def get_initial(self) -> dict[str, Any]:
        """Show what is stored."""
        return initial_of(self.subject)

    def perform(self, form: Any) -> AlertRule:
        """Save."""
        return editing.change_rule(
            rule=self.subject, actor=self.request.user, version=self.version, facts_=form.rule()
        )

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Name the rule, and the way back to it."""
        back = reverse("interactions:alert_rule", args=[self.subject.uuid])
        return super().get_context_data(
            rule=self.subject, back_url=back, back_label=self.subject.title, **extra
        )


class RulePage(RuleRows, DetailScreen):
    """A rule in words, tried out on a customer, with the share of those it would fire for."""

    permission_required = EDIT
    template_name = "interactions/alerts/rule.html"
    context_name = "rule"

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add words, problems, share, versions and the trial."""
        return super().get_context_data(
            title=self.subject.title, **rule_facts(self.subject, self.request), **extra
        )


class RuleOperation(RuleRows, OperationView):
    """Something done to one version of a rule as a whole."""

    permission_required = EDIT
    form_class: Any = NoForm
    template_name = "interactions/guidance/acting.html"
    refusals = {editing.RuleNotEditable: None, releasing.NotInUse: None}

    def load(self) -> None:
        """Load it; whoever decides otherwise gets back to it."""
        super().load()
        self.cancel_url = reverse("interactions:alert_rule", args=[self.subject.uuid])

    def get_success_url(self, result: Any) -> str:
        """Go back to the rule."""
        return reverse("interactions:alert_rule", args=[result.uuid])

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Name the rule, and the way back to it."""
        return super().get_context_data(
            rule=self.subject, back_url=self.cancel_url, back_label=self.subject.title, **extra
        )


class Release(RuleOperation):
    """Put a draft to use; one that would fire for nearly everybody only by a second person."""

    title = _("Release")
    template_name = "interactions/alerts/rule.html"
    http_method_names = ["post"]
    is_versioned = True
    refusals = {
        releasing.RuleHasProblems: None,
        releasing.SecondPersonNeeded: None,
        **RuleOperation.refusals,
    }

    def perform(self, form: NoForm) -> AlertRule:
        """Release, or ask for it."""
        rule, share = releasing.release_rule(
            rule=self.subject, actor=self.request.user, version=self.version
        )
        if rule.is_released:
            messages.success(self.request, gettext("Released. It is looked at from now on."))
        else:
            text = gettext(
                "Not released yet: it would fire for %(percent)d %% of the customers. Somebody "
                "else has to look at it and release it."
            )
            messages.warning(self.request, text % {"percent": share.percent})
        return rule

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Show the rule as it is now."""
        extra["version"] = self.subject.version
        return super().get_context_data(
            **{**extra, "title": self.subject.title}, **rule_facts(self.subject, self.request)
        )


class NextVersion(RuleOperation):
    """Make a draft of the next version, or go on with the one that is there."""

    http_method_names = ["post"]

    def perform(self, form: NoForm) -> AlertRule:
        """Copy."""
        return releasing.make_next_version(rule=self.subject, actor=self.request.user)


class Retire(RuleOperation):
    """Take a rule out of use, after a question."""

    title = _("Take out of use")
    intro = _("It fires no more. What agents have not answered yet stays where it is.")
    submit_label = _("Take out of use")
    submit_variant = "danger"
    success_message = _("Out of use.")

    def perform(self, form: NoForm) -> AlertRule:
        """Retire."""
        return releasing.retire_rule(rule=self.subject, actor=self.request.user)


class Discard(RuleOperation):
    """Throw a draft away, after a question."""

    title = _("Throw the draft away")
    intro = _("Versions that were released stay.")
    submit_label = _("Throw away")
    submit_variant = "danger"
    success_message = _("Thrown away.")
    is_versioned = True

    def perform(self, form: NoForm) -> None:
        """Delete."""
        releasing.discard_draft(rule=self.subject, actor=self.request.user, version=self.version)

    def get_success_url(self, result: None) -> str:
        """Go back to the list."""
        return reverse("interactions:alert_rules")


def rule_facts(rule: AlertRule, request: HttpRequest) -> dict[str, Any]:
    """Return what the page of a rule shows; a trial reads, and writes nothing."""
    form = PreviewForm(request.GET if "account" in request.GET else None)
    verdict, customer = None, None
    if form.is_bound and form.is_valid() and form.cleaned_data["account"]:
        number = form.cleaned_data["account"].strip()
        customer = Account.objects.visible_to(request.user).filter(number=number).first()
        if customer is None:
            form.add_error("account", gettext("No customer of yours has this number."))
        else:
            words = {"customer_name": lambda: customer.name, "customer_number": lambda: number}
            verdict = judge([rule], situation_of_account(customer), words)[0]
    return {
        "sentence": described(rule),
        "roles": role_labels(rule),
        "measures": [(one, opens_of(one)) for one in rule.measures.order_by("position")],
        "problems": problems_of(rule) if rule.is_draft else [],
        "share": share_of(rule) if rule.is_draft else None,
        "versions": AlertRule.objects.filter(code=rule.code).order_by("-edition"),
        "preview": form,
        "verdict": verdict,
        "customer": customer,
        "no_rail": True,
    }
