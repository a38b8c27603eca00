"""The `{% component %}` tag: a template with named places for content."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.base import FilterExpression, Node, NodeList, Parser, Token
from django.template.base import token_kwargs as read_kwargs
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe

# A component sees what it is handed and these, not whatever else the page happens to hold.
_AMBIENT = ("request", "csrf_token", "user", "perms", "tenant", "profile", "shell")


class SlotNode(Node):
    """A named piece of content inside a component."""

    def __init__(self, name: str, nodelist: NodeList) -> None:
        self.name = name
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        """Return the slot's content, rendered where it was written."""
        return self.nodelist.render(context)


class ComponentNode(Node):
    """Renders `components/<name>.html` with `slot`, `slots` and the keyword arguments."""

    def __init__(
        self, name: FilterExpression, kwargs: dict[str, FilterExpression], nodelist: NodeList
    ) -> None:
        self.name = name
        self.kwargs = kwargs
        self.slots = [node for node in nodelist if isinstance(node, SlotNode)]
        self.body = NodeList(node for node in nodelist if not isinstance(node, SlotNode))

    def render(self, context: Context) -> SafeString:
        """Render the slots in the page's context, then the component in its own."""
        name = self.name.resolve(context)
        values: dict[str, Any] = {key: context[key] for key in _AMBIENT if key in context}
        values |= {key: value.resolve(context) for key, value in self.kwargs.items()}
        # Rendered by the template engine a line ago, so escaped already.
        slots = {slot.name: mark_safe(slot.render(context).strip()) for slot in self.slots}  # noqa: S308
        values |= {"slots": slots, "slot": mark_safe(self.body.render(context).strip())}  # noqa: S308
        found = context.template.engine.get_template(f"components/{name}.html")  # type: ignore[union-attr]
        return found.render(context.new(values))


def compile_component(parser: Parser, token: Token) -> ComponentNode:
    """
    Parse `{% component "panel" title="…" %} body {% endcomponent %}`, slots among the body.

    :raises TemplateSyntaxError: if the component has no name
    """
    bits = token.split_contents()
    if len(bits) < 2:
        raise template.TemplateSyntaxError("component needs a name")
    kwargs = read_kwargs(bits[2:], parser)
    nodelist = parser.parse(("endcomponent",))
    parser.delete_first_token()
    return ComponentNode(parser.compile_filter(bits[1]), kwargs, nodelist)


def compile_slot(parser: Parser, token: Token) -> SlotNode:
    """
    Parse `{% slot "actions" %}…{% endslot %}` inside a component.

    :raises TemplateSyntaxError: if the slot has no name
    """
    bits = token.split_contents()
    if len(bits) != 2:
        raise template.TemplateSyntaxError("slot needs exactly one name")
    nodelist = parser.parse(("endslot",))
    parser.delete_first_token()
    return SlotNode(bits[1].strip("\"'"), nodelist)
