"""A final result small enough to work out by hand, with what is known of its people.

章丽娟 stands first, 涂国强 second, 欧阳文 and 喻建平 share the third place, 熊志 is fifth without an award
(`board_scenes`). The contest is provincial, of class II, for employees, on 21 to 23 November 2026.
"""

from __future__ import annotations

from datetime import date

from contests import publication, states
from contests.certificates import batches
from contests.certificates.settings import adopt_settings, preset
from contests.forms.certificates import SettingsForm
from contests.tables import Entry
from federation import privacy
from federation.accounts import Viewer
from federation.tables import Worker
from tests.contests.board_scenes import a_board, complete
from tests.contests.registering import identity_number

PEOPLE = {
    "涂国强": ("m", date(1980, 3, 1), 3),
    "章丽娟": ("f", date(1995, 7, 9), 2),
    "欧阳文": ("m", date(1991, 11, 21), 1),
    "喻建平": ("m", date(1991, 11, 20), None),
    "熊志": ("m", date(1999, 1, 1), 4),
}
"""Sex, date of birth and skill level. On 21 November 2026 欧阳文 is just 35, 喻建平 35 since the day before."""


async def a_final(viewer: Viewer) -> tuple[int, dict[str, int]]:
    """The event category with its final result, and the entries by name."""
    made, people = await a_board(viewer)
    await complete(made, people)
    await states.step(viewer, made, "freeze")
    for kind in ("provisional", "notice", "final"):
        await publication.publish(viewer, made, kind, reason="公示期满无异议")  # type: ignore[arg-type]
    found = await Entry.select(Entry.id, Entry.name, Entry.worker).where(Entry.event_category == made)
    for order, row in enumerate(sorted(found, key=lambda one: one["id"]), 1):
        sex, born, level = PEOPLE[row["name"]]
        await Entry.update({Entry.skill_level: level}).where(Entry.id == row["id"])
        await Worker.update(
            {
                Worker.sex: sex,
                Worker.birth_date: born,
                Worker.identity_cipher: privacy.encrypt(identity_number(order), purpose="identity"),
            }
        ).where(Worker.id == row["worker"])
    return made, {row["name"]: row["id"] for row in found}


def settings_form(**changes: object) -> SettingsForm:
    return SettingsForm(
        **{
            **preset(),
            "issuer": "江西省总工会",
            "issued_on": date(2026, 12, 20),
            "document_number": "赣工发〔2026〕41 号",
            "check_address": "https://sc.example.org/certificates",
            **changes,
        }
    )


async def with_settings(viewer: Viewer, contest: str = "2026-qg", **changes: object) -> None:
    await adopt_settings(viewer, contest, settings_form(**changes))


def drawn(content) -> bytes:
    """Stands for the printer where a test is not about paper."""
    return content["number"].encode()


async def make_all(batch: int, who: str = "甲") -> None:
    """Work on a batch to its end, as a process of this name."""
    assert await batches.claim(batch, who)
    while await batches.work(batch, who, drawn, at_once=2):
        pass
