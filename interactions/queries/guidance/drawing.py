"""A script drawn as a graph: boxes in rows from the start downwards, arrows between them."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from interactions.choices import WayOn
from interactions.models import ScriptNode
from interactions.queries.guidance.shape import Shape, exits_of

WIDTH, HEIGHT = 172, 56
ACROSS, DOWN = 28, 46
MARGIN = 34
LINE = 24
"""Units of the drawing; letters of a heading in a line."""


@dataclass(frozen=True)
class Box:
    """One step: a rectangle with two lines of its heading."""

    node: ScriptNode
    number: int
    x: int
    y: int
    lines: tuple[str, ...]
    is_flawed: bool

    @property
    def middle(self) -> int:
        """Return its middle from left to right."""
        return self.x + WIDTH // 2


@dataclass(frozen=True)
class Arrow:
    """A way from one step to another, as the path of an SVG."""

    path: str
    is_back: bool


@dataclass(frozen=True)
class Stub:
    """A short way out: the script ends, or another one begins."""

    path: str
    x: int
    y: int
    text: str


@dataclass(frozen=True)
class Drawing:
    """Everything that the picture of a script holds."""

    boxes: list[Box]
    arrows: list[Arrow]
    stubs: list[Stub]
    width: int
    height: int


def draw(shape: Shape, flawed: frozenset[int] = frozenset()) -> Drawing:
    """Draw a script; what cannot be reached stands in the last row."""
    rows = _rows(shape)
    widest = max((len(row) for row in rows), default=1)
    inner = widest * WIDTH + (widest - 1) * ACROSS
    boxes: dict[int, Box] = {}
    for depth, row in enumerate(rows):
        left = MARGIN + (inner - len(row) * WIDTH - (len(row) - 1) * ACROSS) // 2
        for index, node in enumerate(row):
            boxes[node.pk] = Box(
                node=node,
                number=shape.numbered(node),
                x=left + index * (WIDTH + ACROSS),
                y=8 + depth * (HEIGHT + DOWN),
                lines=tuple(textwrap.wrap(node.heading, LINE, max_lines=2, placeholder="…")),
                is_flawed=node.pk in flawed,
            )
    arrows = [
        _arrow(boxes[node.pk], boxes[after.pk])
        for node in shape.nodes
        for after in shape.leads_to(node)
    ]
    stubs = [_stub(boxes[node.pk], text) for node in shape.nodes if (text := _out(node))]
    height = 8 + len(rows) * HEIGHT + max(len(rows) - 1, 0) * DOWN + 34
    return Drawing(list(boxes.values()), arrows, stubs, inner + 2 * MARGIN, height)


def _rows(shape: Shape) -> list[list[ScriptNode]]:
    """Put each step below everything that leads to it, ways back aside; islands come last."""
    depths: dict[int, int] = {}
    if shape.start is not None:
        order = _in_order(shape, shape.start)
        place = {node.pk: index for index, node in enumerate(order)}
        for node in order:
            depth = depths.setdefault(node.pk, 0)
            for after in shape.leads_to(node):
                if place[after.pk] > place[node.pk]:
                    depths[after.pk] = max(depths.get(after.pk, 0), depth + 1)
    rows: list[list[ScriptNode]] = [[] for _ in range(max(depths.values(), default=-1) + 1)]
    for node in shape.nodes:
        if node.pk in depths:
            rows[depths[node.pk]].append(node)
    islands = [node for node in shape.nodes if node.pk not in depths]
    return [*rows, islands] if islands else rows


def _in_order(shape: Shape, start: ScriptNode) -> list[ScriptNode]:
    """Return the steps that can be reached so that each stands before those it leads to."""
    done: list[ScriptNode] = []
    seen = {start.pk}
    way = [(start, iter(shape.leads_to(start)))]
    while way:
        node, rest = way[-1]
        after = next((one for one in rest if one.pk not in seen), None)
        if after is None:
            done.append(node)
            way.pop()
        else:
            seen.add(after.pk)
            way.append((after, iter(shape.leads_to(after))))
    return done[::-1]


def _arrow(start: Box, end: Box) -> Arrow:
    if end.y == start.y + HEIGHT + DOWN:
        top, foot = start.y + HEIGHT, end.y - 4
        bend = (foot - top) // 2
        path = (
            f"M{start.middle} {top} C{start.middle} {top + bend} "
            f"{end.middle} {foot - bend} {end.middle} {foot}"
        )
        return Arrow(path, is_back=False)
    here, there = start.y + HEIGHT // 2, end.y + HEIGHT // 2
    if end.y > start.y:
        # Past the rows between them, on the left.
        side = max(min(start.x, end.x) - 30, 2)
        path = f"M{start.x} {here} C{side} {here} {side} {there} {end.x - 4} {there}"
        return Arrow(path, is_back=False)
    # Back, or to a neighbour: on the right.
    side = max(start.x, end.x) + WIDTH + 30
    path = (
        f"M{start.x + WIDTH} {here} C{side} {here} {side} {there + 10} "
        f"{end.x + WIDTH + 4} {there + 10}"
    )
    return Arrow(path, is_back=True)


def _out(node: ScriptNode) -> str:
    codes = [exit_.way.hands_over_to for exit_ in exits_of(node) if exit_.way.way == WayOn.SCRIPT]
    if codes:
        return f"→ {codes[0]}"
    return "■" if any(exit_.way.way == WayOn.END for exit_ in exits_of(node)) else ""


def _stub(box: Box, text: str) -> Stub:
    x, top = box.x + WIDTH - 22, box.y + HEIGHT
    return Stub(f"M{x} {top} v12", x, top + 25, text)
