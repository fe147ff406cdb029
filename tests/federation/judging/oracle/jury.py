"""The whole board: who stands where, who advances, who wins what."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any

from federation.judging import schemes as language
from tests.federation.judging.oracle.numbers import (
    KINDS,
    SCALE,
    Columns,
    Number,
    Row,
    points,
    shown,
    stepped,
)
from tests.federation.judging.oracle.order import placed, runs, sortable
from tests.federation.judging.oracle.paper import (
    Paper,
    aspects_in,
    can_be_negative,
    level_of,
    tries_of,
    walk,
)
from tests.federation.judging.oracle.verdict import Verdict


class Jury:
    """Everybody's papers, and the order they end up in."""

    def __init__(self, scheme: language.Scheme, marks: list[Row], entries: list[Row]) -> None:
        self.scheme, self.marks = scheme, marks
        self.known = {row["entry"]: row for row in sorted(entries, key=lambda row: row["entry"])}
        self.tries = tries_of(scheme, marks)
        self.papers = {
            entry: Paper(scheme, [row for row in marks if row["entry"] == entry], self.tries)
            for entry in self.known
        }
        self.begun = 1
        while self.begun < len(scheme.stages) and any(
            self.has_marks(entry, scheme.stages[self.begun]) for entry in self.known
        ):
            self.begun += 1
        self.totals = {entry: paper.totals(self.begun) for entry, paper in self.papers.items()}
        self.status = {entry: self.status_of(entry) for entry in self.known}
        self.ranked = [entry for entry in self.known if self.status[entry] == ""]
        self.reached = self.advance()

    def has_marks(self, entry: int, stage: language.Stage) -> bool:
        mine = {
            leaf.id
            for _, _, where, leaf in walk(self.scheme)
            if where is stage and isinstance(leaf, (language.Aspect, language.Deduction))
        }
        return any(
            row["aspect"] in mine and row["stage"] in ("", None, stage.id) for row in self.papers[entry].rows
        )

    def reasons(self, entry: int, index: int) -> set[str]:
        """Kinds of blank that left a hole in a stage begun. Whoever a cut stopped has no hole after it."""
        stage = self.scheme.stages[index]
        if index and self.scheme.stages[index - 1].cut and not self.has_marks(entry, stage):
            return set()
        holes = self.papers[entry].holes
        inside = [why for path, why in holes.items() if path.split("/")[0] == stage.id]
        return set().union(*inside)

    def status_of(self, entry: int) -> str:
        paper, known = self.papers[entry], self.known[entry]
        status = "guest" if known["guest"] else ""
        if all(total is None for total in self.totals[entry]):
            status = "blank"
        reasons = set().union(*(self.reasons(entry, index) for index in range(self.begun)))
        for why in KINDS:
            if why in reasons and getattr(self.scheme.blanks, why) == "unranked":
                status = why if why in ("dnf", "dns", "dsq") else "blank"
        for (path, _), recorded in paper.scores.items():
            if recorded and path in self.disqualifying():
                status = "dsq"
        declared = known["status"] or ""
        if declared in ("dns", "dsq", "withdrawn"):
            return str(declared)
        if declared == "dnf" and (self.scheme.blanks.dnf == "unranked" or status == "blank"):
            return "dnf"
        return status

    def disqualifying(self) -> set[str]:
        every = [(path, node) for path, _, _, node in walk(self.scheme)]
        every += [(f"/{deduction.id}", deduction) for deduction in self.scheme.deductions]
        return {
            path for path, node in every if isinstance(node, language.Deduction) and node.kind == "disqualify"
        }

    def behind(self, entry: int, upto: int) -> bool:
        """Stands behind all others for what is missing in the first stages up to and including one."""
        return any(
            self.wanting(entry, stage)
            or any(
                getattr(self.scheme.blanks, why) == "behind"
                for path, reasons in self.papers[entry].holes.items()
                if path.split("/")[0] == stage.id
                for why in reasons
            )
            for stage in self.scheme.stages[: upto + 1]
        )

    def wanting(self, entry: int, stage: language.Stage) -> bool:
        """Nothing, where nothing would be an advantage."""
        paper = self.papers[entry]
        for path, owner, where, node in walk(self.scheme):
            if where is not stage or isinstance(node, language.Deduction):
                continue
            if owner != path and (owner or not isinstance(node, language.Aspect)):
                continue
            if self.scheme.better == "higher" and not any(can_be_negative(one) for one in aspects_in(node)):
                continue
            needed, there = 1, int(paper.scores[path, 0] is not None)
            rule = node.attempts
            if rule and (rule.rule == "sum" or (rule.rule == "best" and rule.count > 1)):
                needed = self.tries[path] if rule.rule == "sum" else rule.count
                there = sum(paper.scores[path, turn] is not None for turn in range(1, self.tries[path] + 1))
            if there < needed and not (paper.scores[path, 0] == 0 and self.zeroed(entry, path)):
                return True
        return False

    def zeroed(self, entry: int, path: str) -> bool:
        reasons = self.papers[entry].holes.get(path, set())
        return any(getattr(self.scheme.blanks, why) == "zero" for why in reasons)

    # who is compared with whom, by what

    def group_of(self, entry: int, ranking: language.Ranking) -> tuple[Any, ...]:
        return tuple(self.known[entry][column] for column in ranking.by)

    def groups(self, ranking: language.Ranking, members: Sequence[int]) -> list[list[int]]:
        found: dict[tuple[Any, ...], list[int]] = {}
        for entry in members:
            found.setdefault(self.group_of(entry, ranking), []).append(entry)
        names = sorted(found, key=lambda group: [(word is None, word or "") for word in group])
        return [found[name] for name in names]

    def links(self, group: Sequence[int], upto: int) -> Iterator[tuple[str, Columns, str]]:
        """The tie-break chain over the stages up to one: (code, value per entry, which is better)."""
        for criterion in self.scheme.tie_breaks:
            better = criterion.better or self.scheme.better
            stages = [
                stage.id for stage in self.scheme.stages[: upto + 1] if criterion.stage in ("", stage.id)
            ]
            if criterion.by in ("lot", "ruling"):
                yield criterion.by, {e: self.known[e][criterion.by] for e in group}, "lower"
            elif criterion.by == "time":
                code = f"time:{criterion.id}" if criterion.id else "time"
                times = {entry: self.papers[entry].time(criterion.id, stages) for entry in group}
                yield code, times, criterion.better or "lower"
            elif criterion.by == "countback":
                yield from self.firsts(criterion, group, stages)
            elif criterion.by == "attempt":
                yield from self.next_best(criterion, group, stages, better)
            else:
                named = [
                    path
                    for path, _, stage, node in walk(self.scheme)
                    if stage.id in stages and level_of(node) == criterion.by and node.id == criterion.id
                ]
                if named:
                    yield (
                        f"{criterion.by}:{criterion.id}",
                        {e: self.best(e, named[-1]) for e in group},
                        better,
                    )

    def best(self, entry: int, path: str) -> Number:
        """The score of a node; inside attempts the best it had in any of them."""
        scores = self.papers[entry].scores
        if (path, 0) in scores:
            return scores[path, 0]
        there = [value for (where, _), value in scores.items() if where == path and value is not None]
        pick: Callable[[list[Fraction]], Fraction] = max if self.scheme.better == "higher" else min
        return pick(there) if there else None

    def next_best(
        self, criterion: language.Criterion, group: Sequence[int], stages: Sequence[str], better: str
    ) -> Iterator[tuple[str, Columns, str]]:
        owners = [
            path
            for path, owner, stage, node in walk(self.scheme)
            if stage.id in stages and owner == path and criterion.id in ("", node.id)
        ]
        if not owners:
            return
        ordered = {}
        for entry in group:
            scores = self.papers[entry].scores
            turns = [scores[owners[-1], turn] for turn in range(1, self.tries[owners[-1]] + 1)]
            there = [turn for turn in turns if turn is not None]
            ordered[entry] = sorted(there, reverse=self.scheme.better == "higher")
        for nth in [criterion.nth] if criterion.nth else range(2, self.tries[owners[-1]] + 1):
            column = {e: best[nth - 1] if len(best) >= nth else None for e, best in ordered.items()}
            yield f"attempt:{nth}", column, better

    def firsts(
        self, criterion: language.Criterion, group: Sequence[int], stages: Sequence[str]
    ) -> Iterator[tuple[str, Columns, str]]:
        columns: list[Columns] = []
        for path, owner, stage, node in walk(self.scheme):
            if stage.id not in stages:
                continue
            if criterion.level == "judge" and isinstance(node, language.Aspect):
                columns += self.by_judge(group, stage.id, node, self.tries.get(owner, 0))
            elif level_of(node) == criterion.level:
                columns.append({entry: self.best(entry, path) for entry in group})
        for nth in range(1, (criterion.nth or 3) + 1):
            counts = dict.fromkeys(group, 0)
            for column in columns:
                for entry in group:
                    ahead = [
                        other
                        for other in group
                        if column[other] is not None and column[entry] is not None
                        and (column[other] - column[entry]) * (1 if self.scheme.better == "higher" else -1) > 0
                    ]  # fmt: skip
                    counts[entry] += column[entry] is not None and len(ahead) + 1 == nth
            yield f"countback:{nth}", counts, "higher"

    def by_judge(
        self, group: Sequence[int], stage: str, aspect: language.Aspect, tries: int
    ) -> Iterator[Columns]:
        judges = sorted({row["judge"] or "" for row in self.marks if row["aspect"] == aspect.id})
        for turn in range(1, tries + 1) if tries else (0,):
            for judge in judges:
                column: Columns = {}
                for entry in group:
                    mine = self.papers[entry].of(stage, aspect.id, turn)
                    given = [row["value"] for row in mine if (row["judge"] or "") == judge]
                    column[entry] = given[0] if given else None
                yield column

    def advance(self) -> dict[int, int]:
        """Number of the last stage each entry reached."""
        reached = dict.fromkeys(self.known, 1)
        first = self.scheme.rankings[0]
        for index in range(self.begun - 1):
            cut, following = self.scheme.stages[index].cut, self.scheme.stages[index + 1]
            here = [entry for entry in self.known if reached[entry] == index + 1]
            marked = [entry for entry in here if self.has_marks(entry, following)]
            if cut is None:
                through = here
            elif cut.kind == "marked":
                through = marked
            else:
                through = [entry for entry in marked if entry not in self.ranked]
                field_ = [e for e in here if e in self.ranked or (e in marked and self.status[e] != "guest")]
                for group in self.groups(first, field_):
                    through += self.let_through(cut, group, index)
            for entry in through:
                reached[entry] = index + 2
        return reached

    def let_through(self, cut: language.Cut, group: list[int], index: int) -> list[int]:
        totals = {entry: self.totals[entry][index] for entry in group}
        if cut.kind == "line":
            sign = 1 if self.scheme.better == "higher" else -1
            return [e for e, t in totals.items() if t is not None and sign * t >= sign * points(cut.line)]
        quota = Fraction(cut.count) if cut.kind == "count" else points(cut.share) * len(group)
        mode = cut.share_rounding
        whole = int(stepped(quota, language.Rounding(SCALE, mode)))
        keys: list[tuple[str, Columns, str]] = [
            ("behind", {entry: self.behind(entry, index) for entry in group}, "lower"),
            ("total", totals, self.scheme.better),
        ]
        if cut.ties == "break":
            keys += self.links(group, index)
        passed: list[int] = []
        for run in runs(group, keys):
            if len(passed) >= whole or (cut.ties == "exclude" and len(passed) + len(run) > whole):
                break
            passed += run
        return passed

    def keys(self, group: Sequence[int]) -> tuple[list[tuple[str, Columns, str]], int]:
        """All keys of a group, and how many come before the tie-breaks."""
        last = {entry: self.reached[entry] - 1 for entry in group}
        behind = {entry: self.behind(entry, last[entry]) for entry in group}
        total = {entry: self.totals[entry][last[entry]] for entry in group}
        before = {e: self.totals[e][last[e] - 1] if total[e] is None and last[e] else None for e in group}
        keys: list[tuple[str, Columns, str]] = [
            ("reached", {entry: self.reached[entry] for entry in group}, "higher"),
            ("behind", behind, "lower"),
        ]
        keys.append(("total", self.near(group, keys, total), self.scheme.better))
        keys.append(("total before", before, self.scheme.better))
        return [*keys, *self.links(group, self.begun - 1)], len(keys)

    def near(self, group: Sequence[int], peers: list[tuple[str, Columns, str]], total: Columns) -> Columns:
        """Totals within the tolerance of the best of their run count as that best one."""
        if not self.scheme.near_tie:
            return total
        leader: dict[tuple[Any, ...], Fraction] = {}
        found: Columns = {}
        for entry in sorted(group, key=lambda e: sortable([("total", total, self.scheme.better)], e)):
            if total[entry] is None:
                found[entry] = None
                continue
            alike = tuple(column[entry] for _, column, _ in peers)
            if alike not in leader or abs(total[entry] - leader[alike]) > points(self.scheme.near_tie):
                leader[alike] = total[entry]
            found[entry] = leader[alike]
        return found

    # the verdict

    def verdict(self) -> Verdict:
        verdict = Verdict(status=self.status, reached=self.reached)
        for entry in self.known:
            verdict.total[entry] = shown(self.totals[entry][self.reached[entry] - 1])
            verdict.place[entry], verdict.award[entry] = None, None
            verdict.tied[entry], verdict.tie_break[entry] = False, ""
            for (path, turn), value in self.papers[entry].scores.items():
                verdict.scores[entry, path, turn] = shown(value)
        first, *further = self.scheme.rankings
        for group in self.groups(first, self.ranked):
            keys, primary = self.keys(group)
            ordered = runs(group, keys)
            for entry, place, run in placed(ordered, self.scheme.place_form):
                verdict.place[entry], verdict.tied[entry] = place, len(run) > 1
            self.award(verdict, ordered)
            self.tell_ties(verdict, ordered, keys, primary)
            verdict.order += [entry for run in ordered for entry in run]
        guests = [entry for entry in self.known if self.status[entry] == "guest"]
        for group in self.groups(first, guests):
            keys, _ = self.keys_of_guests(group)
            verdict.order += [entry for run in runs(group, keys) for entry in run]
        for status in ("blank", "dnf", "dns", "dsq", "withdrawn"):
            verdict.order += [entry for entry in self.known if self.status[entry] == status]
        for ranking in further:
            column: dict[int, int | None] = dict.fromkeys(self.known)
            members = [entry for entry in self.ranked if None not in self.group_of(entry, ranking)]
            for group in self.groups(ranking, members):
                keys, _ = self.keys(group)
                standing = placed(runs(group, keys), self.scheme.place_form)
                column |= {entry: place for entry, place, _ in standing}
            verdict.further[ranking.id] = column
        verdict.teams = self.teams()
        return verdict

    def keys_of_guests(self, group: list[int]) -> tuple[list[tuple[str, Columns, str]], int]:
        return self.keys(group)

    def award(self, verdict: Verdict, ordered: list[list[int]]) -> None:
        field_ = sum(len(run) for run in ordered)
        boundary = 0
        for line in self.scheme.award_lines:
            if field_ < line.minimum_field:
                continue
            own = Fraction(line.count) if line.count is not None else points(line.share or 0) * field_
            boundary += int(stepped(own, language.Rounding(SCALE, line.rounding)))
            before = 0
            for run in ordered:
                units = [[entry] for entry in run] if self.scheme.place_form == "ordinal" else [run]
                for unit in units:
                    last = before + 1 if line.ties == "extend" else before + len(unit)
                    before += len(unit)
                    if last > boundary:
                        continue
                    for entry in unit:
                        if verdict.award[entry] is None and self.enough(verdict.total[entry], line):
                            verdict.award[entry] = line.id

    def enough(self, total: int | None, line: language.AwardLine) -> bool:
        if line.minimum_total is None:
            return True
        if total is None:
            return False
        return total >= line.minimum_total if self.scheme.better == "higher" else total <= line.minimum_total

    def tell_ties(
        self,
        verdict: Verdict,
        ordered: list[list[int]],
        keys: list[tuple[str, Columns, str]],
        primary: int,
    ) -> None:
        for number, run in enumerate(ordered):
            told = "shared" if len(run) > 1 else ""
            neighbours = [ordered[number - 1]] if number else []
            neighbours += ordered[number + 1 : number + 2]
            for other in neighbours:
                if told:
                    break
                differs = [at for at, (_, column, _) in enumerate(keys) if column[run[0]] != column[other[0]]]
                if differs[0] >= primary:
                    told = keys[differs[0]][0]
            for entry in run:
                verdict.tie_break[entry] = told

    def teams(self) -> list[tuple[str, int, bool, int, int]]:
        """(team, place, tied, total, members) in order."""
        rule = self.scheme.teams
        if rule is None:
            return []
        stages = [stage.id for stage in self.scheme.stages]
        sign = -1 if self.scheme.better == "higher" else 1
        members: dict[str, list[tuple[Fraction, float]]] = {}
        for entry in self.ranked:
            team, total = self.known[entry][rule.by], self.totals[entry][self.reached[entry] - 1]
            if team is not None and total is not None:
                time = self.papers[entry].time("", stages) if rule.time else None
                members.setdefault(team, []).append((total, float("inf") if time is None else time))
        made: list[tuple[str, Fraction, float, int]] = []
        for team, people in sorted(members.items()):
            people.sort(key=lambda one: (sign * one[0], one[1]))
            counted = people[: rule.count] if rule.rule == "best" else people
            if len(counted) >= rule.minimum:
                total = sum((one[0] for one in counted), Fraction(0))
                made.append((team, total, sum(one[1] for one in counted), len(counted)))
        found: list[tuple[str, int, bool, int, int]] = []
        names = range(len(made))
        keys: list[tuple[str, Columns, str]] = [("total", {n: made[n][1] for n in names}, self.scheme.better)]
        if rule.time:
            keys.append(("time", {n: made[n][2] for n in names}, "lower"))
        for n, place, run in placed(runs(names, keys), self.scheme.place_form):
            team, total, _, size = made[n]
            found.append((team, place, len(run) > 1, int(total * SCALE), size))
        return found


def judged(scheme: language.Scheme, marks: list[Row], entries: list[Row]) -> Verdict:
    """The whole board. `marks` and `entries` as the rows of frames.MARKS and frames.ENTRIES."""
    return Jury(scheme, marks, entries).verdict()
