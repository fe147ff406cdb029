"""Gathering a bundle out of the tables."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from contests import programme
from contests.boards.visibility import public_shows
from contests.bundles.layout import text_of
from contests.publication import sha256
from contests.schemes import edition_row
from contests.tables import Publication
from federation.judging.schemes import Scheme
from federation.refusals import NotFound

FORMAT = "saichuang-publications"
EDITION = 1

RuleText = Callable[[Scheme], Mapping[str, str]]
"""A scheme's rule in words, by language: rooms know no words, so whoever asks for a bundle brings them."""


async def published(event_category: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The event category and all its publications, oldest first, for everybody.

    Raises NotFound while nothing is in force: what is being checked is not shown.
    """
    row = await programme.event_category(event_category)
    if public_shows(row["state"], row["live_public"], row["publication"]) != "publication":
        raise NotFound("board", id=event_category)
    rows = (
        await Publication.select()
        .where(Publication.event_category == event_category)
        .order_by(Publication.number)
    )
    return row, rows


async def bundle(event_category: int, rule_text: RuleText) -> bytes:
    """The bundle of an event category as it is downloaded. Raises NotFound."""
    row, rows = await published(event_category)
    contents = await asyncio.to_thread(lambda: [json.loads(one["content"]) for one in rows])
    editions = {content["stamp"]["scheme"] for content in contents if "stamp" in content}
    if not editions and row["scheme"] is not None:
        editions = {row["scheme"]}
    editions_used = [await edition_row(one) for one in sorted(editions)]
    return await asyncio.to_thread(_made, row, editions_used, rows, contents, rule_text)


def _made(
    row: Mapping[str, Any],
    editions: Sequence[Mapping[str, Any]],
    rows: Sequence[Mapping[str, Any]],
    contents: Sequence[Mapping[str, Any]],
    rule_text: RuleText,
) -> bytes:
    return text_of(
        {
            "format": FORMAT,
            "edition": EDITION,
            "about": {
                "event_category": row["id"],
                "contest": row["contest_name"],
                "event": row["event_name"],
                "category": row["category"],
                "page": f"/boards/{row['id']}/publications",
            },
            "schemes": [_scheme(one, rule_text) for one in editions],
            "publications": [_publication(one, content) for one, content in zip(rows, contents, strict=True)],
        }
    )


def _scheme(row: Mapping[str, Any], rule_text: RuleText) -> dict[str, Any]:
    """Documents and texts stand as lists of lines; their digests are those of the whole."""
    words = dict(rule_text(Scheme.from_json(row["document"])))
    return {
        "id": row["id"],
        "edition": row["edition"],
        "sha256": sha256(row["document"]),
        "document": row["document"].split("\n"),
        "rules": {language: text.split("\n") for language, text in sorted(words.items())},
        "rules_sha256": {language: sha256(text) for language, text in sorted(words.items())},
    }


def _publication(row: Mapping[str, Any], content: Mapping[str, Any]) -> dict[str, Any]:
    withdrawn = row["withdrawn_at"] is not None
    return {
        "number": row["number"],
        "kind": row["kind"],
        "revision": row["revision"],
        "at": row["at"].isoformat(),
        "actor": row["actor"],
        "reason": row["reason"],
        "withdrawn": {
            "at": row["withdrawn_at"].isoformat(),
            "by": row["withdrawn_by"],
            "reason": row["withdrawn_reason"],
        }
        if withdrawn
        else None,
        "previous_hash": row["previous_hash"],
        "hash": row["hash"],
        "content": content,
    }
