"""What the template tags of the design language write."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django import forms
from django.template import Context, Template, TemplateSyntaxError
from django.utils import timezone

from utilcrm.web.forms import Form


def write(source: str, **values: object) -> str:
    return Template("{% load ui %}" + source).render(Context(values)).strip()


class SampleForm(Form):
    name = forms.CharField(label="Name", help_text="As on the bill.")
    usage = forms.DecimalField(label="Consumption", required=False)
    start = forms.DateField(label="Start", required=False)
    kind = forms.ChoiceField(label="Kind", choices=[("A", "One")], widget=forms.RadioSelect)


class TestIcon:
    def test_it_is_decorative_unless_it_has_a_label(self) -> None:
        assert 'aria-hidden="true"' in write('{% icon "call" %}')
        assert 'aria-label="Gas"' in write('{% icon "gas" label="Gas" %}')

    def test_an_unknown_name_breaks_nothing(self) -> None:
        assert write('{% icon "../../etc/passwd" %}').startswith("<svg")

    def test_a_label_is_escaped(self) -> None:
        assert "<script>" not in write('{% icon "gas" label=bad %}', bad="<script>")


class TestStatus:
    def test_the_stored_value_picks_the_tone_and_the_label_is_read(self) -> None:
        badge = write('{% status "REJECTED" "Refused by the ERP" %}')
        assert "badge-danger" in badge
        assert "Refused by the ERP" in badge

    def test_a_value_that_nobody_knows_is_neutral_and_escaped(self) -> None:
        badge = write("{% status code %}", code="<b>")
        assert "badge-neutral" in badge
        assert "<b>" not in badge


class TestFigures:
    def test_money_is_rounded_once_and_speaks_the_currency(self) -> None:
        assert "£1,234.57" in write('{% money amount "GBP" %}', amount=Decimal("1234.565"))

    def test_no_amount_is_a_dash(self) -> None:
        assert "–" in write("{% money nothing %}", nothing=None)

    def test_a_figure_says_how_old_it_is(self) -> None:
        now = timezone.now()
        assert f"as of {timezone.localtime(now):%H:%M}" in write("{% asof at %}", at=now)
        assert "not known yet" in write("{% asof at %}", at=None)

    def test_a_stale_figure_says_so_to_everybody(self) -> None:
        old = timezone.now() - dt.timedelta(days=400)
        shown = write("{% asof at stale=True %}", at=old)
        assert "asof-stale" in shown
        assert 'aria-label="Last known value"' in shown
        assert str(old.year) in shown


class TestField:
    def test_label_help_and_error_are_tied_to_the_control(self) -> None:
        form = SampleForm({})
        shown = write("{% field form.name %}", form=form)
        assert 'for="id_name"' in shown
        assert 'aria-describedby="id_name_helptext id_name_error"' in shown
        assert 'id="id_name_helptext"' in shown
        assert 'id="id_name_error"' in shown
        assert 'aria-invalid="true"' in shown

    def test_a_number_gets_a_decimal_keypad_and_no_spinner(self) -> None:
        shown = write('{% field form.usage suffix="kWh" %}', form=SampleForm())
        assert 'inputmode="decimal"' in shown
        assert 'type="text"' in shown
        assert "kWh" in shown

    def test_a_date_speaks_iso_to_the_browser(self) -> None:
        form = SampleForm(initial={"start": dt.date(2026, 12, 1)})
        assert 'value="2026-12-01"' in write("{% field form.start %}", form=form)

    def test_radio_buttons_stand_in_a_group_with_a_name(self) -> None:
        shown = write("{% field form.kind %}", form=SampleForm())
        assert "<fieldset" in shown
        assert "<legend" in shown

    def test_a_form_of_another_maker_is_dressed_too(self) -> None:
        class Plain(forms.Form):
            login = forms.CharField(widget=forms.TextInput(attrs={"placeholder": "Login"}))

        shown = write("{% field form.login %}", form=Plain())
        assert 'class="input"' in shown
        assert "placeholder" not in shown

    def test_the_summary_links_every_field_that_is_wrong(self) -> None:
        form = SampleForm({"usage": "much"})
        shown = write("{% form_errors form %}", form=form)
        assert 'href="#id_name"' in shown
        assert 'href="#id_usage"' in shown
        assert 'role="alert"' in shown


class TestComponent:
    def test_slots_are_written_in_the_page_and_placed_in_the_component(self) -> None:
        shown = write(
            '{% component "panel" title="Bills" %}body {{ x }}'
            '{% slot "actions" %}<a>{{ x }}</a>{% endslot %}{% endcomponent %}',
            x="<1>",
        )
        assert '<div class="panel-body">body &lt;1&gt;</div>' in shown
        assert '<div class="panel-actions"><a>&lt;1&gt;</a></div>' in shown

    def test_the_pages_own_variables_do_not_leak_in(self) -> None:
        shown = write('{% component "panel" %}body{% endcomponent %}', title="Leaked", icon="call")
        assert "Leaked" not in shown

    @pytest.mark.parametrize(
        "source", ["{% component %}{% endcomponent %}", "{% slot %}{% endslot %}"]
    )
    def test_a_nameless_one_is_an_error(self, source: str) -> None:
        with pytest.raises(TemplateSyntaxError):
            write(source)
