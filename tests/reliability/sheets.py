"""A hall full of clerks for the tests of reliability: a sheet of ten columns and rows for all."""

from __future__ import annotations

import itertools
from typing import Any

import httpx

from contests import programme
from contests.tables import Piece
from federation.accounts import Viewer
from federation.judging import Scheme
from tests.builders import a_contest, an_event_category, bring_to, entries
from tests.cast import the_clerk, the_organiser
from tests.served import Site, cookie, session_of

COLUMNS = tuple(f"C{number}" for number in range(1, 11))
SHEET = Scheme.from_json(
    {
        "id": "ten-columns",
        "total": 100,
        "modules": [
            {
                "id": "C",
                "title": "联调",
                "maximum": 100,
                "aspects": [
                    {"id": column, "title": f"评分点 {column}", "maximum": 10, "step": 0.05}
                    for column in COLUMNS
                ],
            }
        ],
    }
)


async def a_hall(rows: int, clerks: int) -> tuple[int, list[int], list[Viewer]]:
    """An event category in marking, its pieces, and clerks of its contest."""
    organiser = await the_organiser()
    code = await a_contest(organiser)
    contest = (await programme.contest(code))["id"]
    made = await an_event_category(organiser, code, scheme=SHEET)
    await entries(made, [f"选手{number}" for number in range(1, rows + 1)])
    await bring_to(organiser, made, "marking")
    drawn = await Piece.select(Piece.id).where(Piece.event_category == made).order_by(Piece.number)
    people = [await the_clerk(contest, f"录分员{number}") for number in range(1, clerks + 1)]
    return made, [row["id"] for row in drawn], people


class Desk:
    """A clerk's page without the browser: it sends cells as the grid does, each block under a key of its own."""

    def __init__(self, client: httpx.AsyncClient, viewer: Viewer, url: str) -> None:
        self.client = client
        self.viewer = viewer
        self.url = url
        self.numbers = itertools.count(1)

    @classmethod
    async def open(cls, site: Site, viewer: Viewer, event_category: int) -> Desk:
        client = httpx.AsyncClient(
            base_url=site.url,
            cookies=cookie(await session_of(viewer)),
            headers={"Origin": site.url},
            timeout=60,
        )
        return cls(client, viewer, f"/api/v1/sheets/{event_category}/C/cells")

    def block(self, *cells: tuple[int, str, str, int]) -> dict[str, Any]:
        """What is sent for these cells: (piece, aspect, text, seen version)."""
        return {
            "sending": f"{self.viewer.login}-{next(self.numbers):06d}",
            "cells": [
                {"piece": piece, "aspect": aspect, "text": text, "seen_version": seen}
                for piece, aspect, text, seen in cells
            ],
        }

    async def send(self, block: dict[str, Any]) -> httpx.Response:
        return await self.client.post(self.url, json=block)
