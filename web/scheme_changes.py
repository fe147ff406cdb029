"""What differs between two schemes, line by line, in the words of the scheme editor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from contests.forms.scheme import Part, typed
from federation.judging.schemes import Aspect, Deduction, Module, Scheme, Stage, SubCriterion
from federation.judging.shapes import Shape, shapes_of
from web.language import _, language
from web.scheme_words import choice, kind_word, label

TREE = (Stage, Module, SubCriterion, Aspect, Deduction)


@dataclass(frozen=True, slots=True)
class Difference:
    """`where`: the parts of the scheme from the outside in, then the field. `now`, `then`: as the editor shows them."""

    where: str
    now: str
    then: str


def differences(before: Scheme, after: Scheme) -> list[Difference]:
    """In the order of the editor. Objects are the same when their ids are; those without ids are told as lists."""
    old, new = typed(before), typed(after)
    return list(_Comparing({**_titles(old), **_titles(new)}).differ(old, new, ()))


class _Comparing:
    """`titles`: of what a tie-break may point at."""

    def __init__(self, titles: dict[str, str]) -> None:
        self.titles = titles

    def differ(self, before: Part, after: Part, above: tuple[str, ...]) -> Iterator[Difference]:
        for shape in shapes_of(before.of):
            here = (*above, label(shape))
            if shape.form == "objects":
                pair = (before.lists[shape.name], after.lists[shape.name])
                yield from (
                    self.by_id(*pair, above, here)
                    if _identified(*pair)
                    else _line(here, *map(self.all, pair))
                )
            elif shape.form == "object":
                inside = (before.parts[shape.name], after.parts[shape.name])
                if shape.optional:
                    yield from _line(here, *(_("有") if one.present else _("无") for one in inside))
                if any(one.present for one in inside):
                    yield from self.differ(*inside, here)
            elif shape.form == "words":
                said = ([choice(shape, one) for one in part.words[shape.name]] for part in (before, after))
                yield from _line(here, *map(_joined, said))
            else:
                yield from _line(here, _said(shape, before), _said(shape, after))

    def by_id(
        self, before: Sequence[Part], after: Sequence[Part], above: tuple[str, ...], here: tuple[str, ...]
    ) -> Iterator[Difference]:
        old, new = ({part.values["id"]: part for part in parts} for parts in (before, after))
        for identity, part in old.items():
            alone = part.of is Stage and len(old) == len(new) == 1
            name = above if alone and identity in new else (*above, _name(part))
            if identity in new:
                yield from self.differ(part, new[identity], name)
            else:
                yield Difference(" · ".join(name), _("有"), _("删去"))
        for identity, part in new.items():
            if identity not in old:
                yield Difference(" · ".join((*above, _name(part))), "—", _("新增"))
        orders = [[_title(old[one]) for one in ids if one in old and one in new] for ids in (old, new)]
        if sorted(orders[0]) == sorted(orders[1]):
            yield from _line((*here, _("顺序")), *map(_joined, orders))

    def all(self, parts: Sequence[Part]) -> str:
        """Objects without ids, each by everything typed for it."""
        return ("；" if language() == "zh" else "; ").join(" ".join(self.everything(part)) for part in parts)

    def everything(self, part: Part) -> Iterator[str]:
        for shape in shapes_of(part.of):
            if shape.form == "objects":
                yield from (text for one in part.lists[shape.name] for text in self.everything(one))
            elif shape.form == "object":
                yield from self.everything(part.parts[shape.name]) if part.parts[shape.name].present else ()
            elif shape.form == "words":
                yield from (choice(shape, one) for one in part.words[shape.name])
            elif part.values[shape.name]:
                said = _said(shape, part)
                yield self.titles.get(said, said) if shape.name in ("id", "stage") else said


def _line(where: Sequence[str], now: str, then: str) -> Iterator[Difference]:
    if now != then:
        yield Difference(" · ".join(where), now or "—", then or "—")


def _identified(*lists: Sequence[Part]) -> bool:
    """Whether every object of the lists has an id of its own. Tie-breaks only point at the ids of others."""
    for parts in lists:
        ids = [part.values.get("id", "") for part in parts]
        if "" in ids or len(set(ids)) < len(ids) or any("by" in part.values for part in parts):
            return False
    return True


def _name(part: Part) -> str:
    return f"{kind_word(part.of)} {_title(part)}"


def _title(part: Part) -> str:
    english = part.values.get("title_en") if language() == "en" else ""
    return english or part.values.get("title") or part.values["id"]


def _said(shape: Shape, part: Part) -> str:
    value = part.value(shape.name)
    return choice(shape, value) if value and shape.form in ("choice", "yes_no") else value


def _joined(words: Sequence[str]) -> str:
    return ("、" if language() == "zh" else ", ").join(words)


def _titles(part: Part) -> dict[str, str]:
    """Id → title of stages, modules and whatever is marked."""
    found = {}
    for shape in shapes_of(part.of):
        if shape.form == "objects" and shape.of in TREE:
            for one in part.lists[shape.name]:
                found |= {one.values["id"]: _title(one), **_titles(one)}
    return found
