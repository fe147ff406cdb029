"""The engine against the oracle: two ways from the same words to the same board."""

from __future__ import annotations

from typing import Any

from hypothesis import given

from federation.judging import Outcome, rank
from tests.federation.judging.invented import Scene, scenes, tried
from tests.federation.judging.oracle import Verdict, judged


def seen(outcome: Outcome) -> dict[str, Any]:
    """A board in the words of the oracle."""
    board = {row["entry"]: row for row in outcome.places.iter_rows(named=True)}
    found: dict[str, Any] = {
        name: {entry: row[name] for entry, row in board.items()}
        for name in ("total", "place", "tied", "award", "tie_break", "status", "reached")
    }
    found["order"] = list(board)
    found["further"] = {
        ranking.id: {entry: row[f"place:{ranking.id}"] for entry, row in board.items()}
        for ranking in outcome.scheme.rankings[1:]
    }
    found["teams"] = outcome.teams.select("team", "place", "tied", "total", "members").rows()
    found["scores"] = {
        row[:3]: row[3] for row in outcome.scores.select("entry", "node", "attempt", "score").rows()
    }
    return found


def differences(outcome: Outcome, verdict: Verdict) -> dict[str, Any]:
    """What the engine says otherwise: {column: {where: (engine, oracle)}}."""
    found: dict[str, Any] = {}
    for name, mine in seen(outcome).items():
        theirs = getattr(verdict, name)
        if mine == theirs:
            continue
        if isinstance(mine, dict):
            keys = [*mine, *(key for key in theirs if key not in mine)]
            found[name] = {k: (mine.get(k), theirs.get(k)) for k in keys if mine.get(k) != theirs.get(k)}
        else:
            found[name] = (mine, theirs)
    return found


@tried(120)
@given(scenes())
def test_the_engine_and_the_oracle_agree(scene: Scene) -> None:
    outcome = rank(scene.scheme, scene.marks, scene.entries)
    assert differences(outcome, judged(scene.scheme, scene.rows, scene.known)) == {}
