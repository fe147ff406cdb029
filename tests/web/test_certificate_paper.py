"""Certificates on paper: one page whatever the length of the words, the same bytes in every process."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import subprocess
import sys
import zlib
from datetime import date
from xml.etree import ElementTree as ET

import pytest

from contests.certificates.contents import content_of
from contests.certificates.settings import preset
from federation.refusals import Refusal
from web.reports.certificates import certificate_pdf, certificates_pdf, chinese_day, qr

NAME, LONG_NAME = "欧阳建明", "阿卜杜热西提·买买提伊明·努尔艾合买提·吐尔逊江"
CODE = "0123456789ABCDEF"


def a_content(name: str = NAME, organisation: str = "洪都机械厂", contest: str = "全省电工技能竞赛") -> dict:
    return json.loads(
        content_of(
            about={"contest_name": contest, "event_name": "电工", "category": "employee"},
            row={
                "name": name,
                "organisation": organisation,
                "award_title": "一等奖",
                "place": 1,
                "tied": False,
            },
            settings={
                **preset(),
                "issuer": "江西省总工会",
                "issued_on": date(2026, 12, 20),
                "document_number": "赣工发〔2026〕41 号",
                "check_address": "https://sc.example.org/certificates/",
            },
            publication={"number": 3, "hash": "a" * 64},
            number="赣工竞〔2026〕A-000001",
            code=CODE,
        )
    )


def pages_of(pdf: bytes) -> int:
    """Counts page objects, those in packed streams too."""
    found = [pdf]
    for packed in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        with contextlib.suppress(zlib.error):
            found.append(zlib.decompressobj().decompress(packed))
    return len(re.findall(rb"/Type\s*/Page\b", b"\n".join(found)))


def test_a_reprint_in_another_process_is_the_same_file():
    content = a_content()
    here = hashlib.sha256(certificate_pdf(content)).hexdigest()
    code = (
        "import json, sys, hashlib; from web.reports.certificates import certificate_pdf;"
        "print(hashlib.sha256(certificate_pdf(json.loads(sys.stdin.read()))).hexdigest())"
    )
    there = subprocess.run(
        [sys.executable, "-c", code], input=json.dumps(content), capture_output=True, text=True, check=True
    )
    assert there.stdout.strip() == here


@pytest.mark.parametrize(
    ("name", "organisation", "contest"),
    [
        (NAME, "洪都机械厂", "竞赛"),
        (
            LONG_NAME,
            "江西省" + "轨道交通建设项目第三工程分公司" * 6,
            "江西省“天工杯”" + "智能网联装备制造" * 12 + "决赛",
        ),
    ],
)
def test_long_words_stay_on_one_page(name, organisation, contest):
    assert pages_of(certificate_pdf(a_content(name, organisation, contest))) == 1


def test_a_batch_has_a_page_for_each():
    assert pages_of(certificates_pdf([a_content(name) for name in ("涂国强", "章丽娟", "喻建平")])) == 3


def test_markup_in_a_name_is_printed_as_it_is():
    pdf = certificate_pdf(a_content('#panic("x") *$_@<a>'))
    assert pages_of(pdf) == 1


@pytest.mark.parametrize("rare", ["\U00030edd", "\U00031350", "\ue863"])
def test_a_character_the_font_lacks_is_named(rare):
    """A rare one, one newer than the program's tables, one of the private area that old systems use."""
    with pytest.raises(Refusal) as refused:
        certificate_pdf(a_content(f"王{rare}"))
    assert (refused.value.code, refused.value.facts) == ("certificate.unprintable", {"characters": rare})


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 1, 1), "二〇二六年一月一日"),
        (date(2026, 10, 10), "二〇二六年十月十日"),
        (date(2026, 11, 21), "二〇二六年十一月二十一日"),
        (date(2030, 12, 30), "二〇三〇年十二月三十日"),
    ],
)
def test_days_as_they_stand_below_official_papers(day, words):
    assert chinese_day(day) == words


def test_the_code_is_a_picture_without_a_border():
    picture = ET.fromstring(qr(f"https://sc.example.org/certificates/{CODE}"))
    assert picture.tag.endswith("svg")
    assert len(picture.attrib["viewBox"].split()) == 4
