"""Storms in one project at the same time: none cuts another off from its database."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.chaos.world import clear_after_the_dead


def test_what_a_killed_storm_left_is_given_back_and_a_raging_one_is_left_alone(
    tmp_path: Path,
) -> None:
    dead = subprocess.Popen(["true"])
    dead.wait()
    for owner in (dead.pid, os.getpid()):
        (tmp_path / f"pg-chaos-{owner}").mkdir()
        (tmp_path / f"pg-chaos-{owner}" / ".s.PGSQL.5432").touch()
    (tmp_path / "pg-test").mkdir()

    clear_after_the_dead(tmp_path)

    assert {folder.name for folder in tmp_path.iterdir()} == {f"pg-chaos-{os.getpid()}", "pg-test"}
    assert (tmp_path / f"pg-chaos-{os.getpid()}" / ".s.PGSQL.5432").exists()
