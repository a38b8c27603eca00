"""The path through a script, told by the answers that were given, in the order they were given."""

from __future__ import annotations

from collections.abc import Iterable

from interactions.models import ScriptAnswer


def path_of(answers: Iterable[ScriptAnswer]) -> list[ScriptAnswer]:
    """
    Return the answers that count, in the order of the steps.

    Who goes back and answers again takes the place of the answer before. What followed it stays on
    the path if the new answer leads to the same step, and is off the path if it leads elsewhere:
    kept, but no longer what the customer said on the way taken.
    """
    path: list[ScriptAnswer] = []
    for answer in answers:
        replaced = path[answer.step : answer.step + 1]
        after = path[answer.step + 1 :]
        stays = bool(
            replaced
            and replaced[0].node_id == answer.node_id
            and after
            and after[0].node_id == answer.led_to_id
        )
        path = [*path[: answer.step], answer, *(after if stays else [])]
    return path
