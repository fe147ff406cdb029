"""Examples of placing: rounds, ties, places, blanks, teams, awards. Numbers are worked by hand."""

from __future__ import annotations

from tests.federation.judging.reference.shapes import Example, grid, panel

PLACING = (
    Example(
        "预赛取前 2 名，预赛成绩带入一半",
        "Two go on to the final and carry half of the heats",
        {
            "stages": [
                {
                    "id": "heat",
                    "title": "预赛",
                    "title_en": "Heats",
                    "cut": {"kind": "count", "count": 2, "ties": "break", "share_rounding": "half_up"},
                    "modules": [{"id": "h"}],
                    "rounding": 1,
                    "floor": 0,
                    "cap": 100,
                },
                {"id": "final", "carry_over": "0.5", "weight": 1, "modules": [{"id": "f"}]},
            ]
        },
        grid("entry h", "1 90", "2 80", "3 79", stage="heat")
        + grid("entry f", "1 60", "2 70", stage="final"),
        [(2, 1, "110"), (1, 2, "105"), (3, 3, "79")],
    ),
    Example(
        "按比例晋级，线上并列都进；每轮写明前面各轮的权重",
        "A share goes on, all tied on the line; each round names the weights before it",
        {
            "stages": [
                {
                    "id": "one",
                    "modules": [{"id": "p"}],
                    "cut": {"kind": "share", "share": "0.5", "share_rounding": "floor", "ties": "admit"},
                },
                {
                    "id": "two",
                    "weight": "0.7",
                    "carries": [{"stage": "one", "weight": "0.3"}],
                    "modules": [{"id": "q"}],
                },
            ]
        },
        grid("entry p", "1 20", "2 20", "3 18", stage="one") + grid("entry q", "1 10", "2 30", stage="two"),
        [(2, 1, "27"), (1, 2, "13"), (3, 3, "18")],
        "0.3 × 20 + 0.7 × 30",
    ),
    Example(
        "达到 60 分晋级",
        "Whoever reaches 60 goes on",
        {
            "stages": [
                {"id": "one", "modules": [{"id": "p"}], "cut": {"kind": "line", "line": 60}},
                {"id": "two", "modules": [{"id": "q"}]},
            ]
        },
        grid("entry p", "1 60", "2 59", stage="one") + grid("entry q", "1 0", stage="two"),
        [(1, 1, "60"), (2, 2, "59")],
    ),
    Example(
        "由登记决定谁晋级；线上并列都不进的名额",
        "Recorded in the next round means gone on; ties left out on a boundary",
        {
            "stages": [
                {
                    "id": "one",
                    "modules": [{"id": "p"}],
                    "cut": {"kind": "marked", "share_rounding": "ceil", "ties": "exclude"},
                },
                {
                    "id": "two",
                    "modules": [{"id": "q"}],
                    "deductions": [{"id": "late"}],
                    "attempts": {"rule": "best"},
                },
            ]
        },
        grid("entry p", "1 50", "2 60", stage="one") + grid("entry q", "1 1", stage="two"),
        [(1, 1, "51"), (2, 2, "60")],
    ),
    Example(
        "同分依次比模块、子项、评分点、阶段",
        "Ties by module, sub-criterion, aspect, stage",
        {
            "stages": [
                {
                    "id": "one",
                    "modules": [
                        {"id": "A", "subcriteria": [{"id": "s", "aspects": ["x"]}]},
                        {"id": "B", "attempts": {"rule": "best"}, "aspects": ["y"]},
                    ],
                }
            ],
            "tie_breaks": [
                "stage:one",
                {"by": "module", "id": "A", "stage": "one", "better": "lower"},
                "subcriterion:s",
                "aspect:y",
            ],
        },
        grid("entry x y", "1 5 6", "2 6 5"),
        [(1, 1, "11"), (2, 2, "11")],
        "A: 5 stands before 6, because lower is better there",
    ),
    Example(
        "同分比用时，再抽签，再裁定",
        "Ties by time, then a lot, then a ruling",
        {"aspects": ["a"], "tie_breaks": [{"by": "time", "id": "a", "better": "lower"}, "lot", "ruling"]},
        [
            {"entry": 1, "aspect": "a", "value": 5, "time": 80},
            {"entry": 2, "aspect": "a", "value": 5, "time": 70},
            {"entry": 3, "aspect": "a", "value": 5, "time": 80},
        ],
        [(2, 1, "5", "time:a"), (3, 2, "5", "time:a"), (1, 3, "5", "lot")],
        entries=[{"entry": 1, "lot": 2}, {"entry": 2}, {"entry": 3, "lot": 1}],
        columns=("tie_break",),
    ),
    *(
        Example(
            f"得第一多者在前：{words}",
            f"Count-back of firsts: {level}",
            {
                "modules": [
                    {
                        "id": "A",
                        "subcriteria": [{"id": "s", "aspects": [{"id": "x", "panel": {"method": "sum"}}]}],
                    },
                    {
                        "id": "B",
                        "subcriteria": [{"id": "t", "aspects": [{"id": "y", "panel": {"method": "sum"}}]}],
                    },
                ],
                "tie_breaks": [{"by": "countback", "level": level, "nth": 2}],
            },
            panel("x", "1 5 4", "2 3 2", "3 1 1") + panel("y", "1 0 1", "2 3 2", "3 4 3"),
            board,
            working,
        )
        for words, level, board, working in (
            (
                "模块",
                "module",
                [(1, 1, "10"), (2, 2, "10"), (3, 3, "9")],
                "1 is first in A (9), 2 nowhere (5; 5 of 7)",
            ),
            ("子项", "subcriterion", [(1, 1, "10"), (2, 2, "10"), (3, 3, "9")], ""),
            ("评分点", "aspect", [(1, 1, "10"), (2, 2, "10"), (3, 3, "9")], ""),
            ("裁判", "judge", [(1, 1, "10"), (2, 2, "10"), (3, 3, "9")], "two judges placed 1 first"),
            ("阶段", "stage", [(1, 1, "10"), (2, 1, "10"), (3, 3, "9")], "both were first in the only round"),
        )
    ),
    Example(
        "相差 0.5 分以内视为同分",
        "Totals within 0.5 count as equal",
        {"aspects": ["a"], "near_tie": "0.5"},
        grid("entry a", "1 90", "2 89.6", "3 89.4"),
        [(1, 1, "90"), (2, 1, "89.6"), (3, 3, "89.4")],
    ),
    *(
        Example(
            f"名次形式：{words}",
            f"Places: {form}",
            {"aspects": ["a"], "place_form": form},
            grid("entry a", "1 9", "2 8", "3 8", "4 7"),
            [
                (n, place, total)
                for n, place, total in zip((1, 2, 3, 4), places, ("9", "8", "8", "7"), strict=True)
            ],
        )
        for words, form, places in (
            ("1 2 2 4", "standard", (1, 2, 2, 4)),
            ("1 2 2 3", "dense", (1, 2, 2, 3)),
            ("1 2 3 4", "ordinal", (1, 2, 3, 4)),
        )
    ),
    *(
        Example(
            f"未完赛：{words}",
            f"Did not finish: {treatment}",
            {"modules": [{"id": "a"}, {"id": "b"}], "blanks": {"dnf": treatment}},
            grid("entry a b", "1 9 dnf", "2 3 3"),
            board,
            columns=("status",),
        )
        for words, treatment, board in (
            ("不计分", "nothing", [(1, 1, "9", ""), (2, 2, "6", "")]),
            ("计 0 分", "zero", [(1, 1, "9", ""), (2, 2, "6", "")]),
            ("排在后面", "behind", [(2, 1, "6", ""), (1, 2, "9", "")]),
            ("不排名次", "unranked", [(2, 1, "6", ""), (1, "", "9", "dnf")]),
        )
    ),
    Example(
        "没有登记、缺考、单项取消、作废各按规则",
        "Not yet, did not start, disqualified and void, each by its rule",
        {
            "modules": [{"id": "a"}, {"id": "b"}],
            "blanks": {"pending": "behind", "dns": "unranked", "dsq": "unranked", "void": "zero"},
        },
        grid("entry a b", "1 1 1", "2 9 -", "3 dns 9", "4 9 dsq", "5 0 void"),
        [(1, 1, "2", ""), (5, 2, "0", ""), (2, 3, "9", ""), (3, "", "9", "dns"), (4, "", "9", "dsq")],
        columns=("status",),
    ),
    Example(
        "组别、总名次与地区名次；观摩不占名次",
        "Places by category, overall and by region; guests take none",
        {
            "aspects": ["a"],
            "rankings": [
                {"id": "category", "by": ["category"], "title": "组别", "title_en": "Category"},
                {"id": "all"},
                {"id": "region", "by": ["region"]},
                {"id": "rest", "by": ["delegation", "industry", "team"]},
            ],
        },
        grid("entry a", "1 90", "2 95", "3 80", "4 99"),
        [(2, 1, "95", 1, 1), (1, 1, "90", 2, 1), (3, 2, "80", 3, 2), (4, "", "99", "", "")],
        entries=[
            {"entry": 1, "category": "职工", "region": "赣州"},
            {"entry": 2, "category": "学生", "region": "南昌"},
            {"entry": 3, "category": "职工", "region": "赣州"},
            {"entry": 4, "category": "职工", "guest": True},
        ],
        columns=("place:all", "place:region"),
    ),
    Example(
        "三人团体取最好 2 人，同分比用时",
        "The two best of a team count; time parts equal teams",
        {"aspects": ["a"], "teams": {"by": "team", "rule": "best", "count": 2, "minimum": 2, "time": True}},
        [
            {"entry": n, "aspect": "a", "value": v, "time": t}
            for n, v, t in ((1, 9, 60), (2, 8, 60), (3, 1, 10), (4, 9, 50), (5, 8, 50), (6, 99, 1))
        ],
        [(6, 1, "99"), (1, 2, "9"), (4, 2, "9"), (2, 4, "8"), (5, 4, "8"), (3, 6, "1")],
        entries=[{"entry": n, "team": team} for n, team in zip(range(1, 7), "AAABBC", strict=True)],
        teams=[("B", 1, "17"), ("A", 2, "17")],
    ),
    Example(
        "代表队总分相加",
        "A delegation's totals added",
        {"aspects": ["a"], "teams": {"by": "delegation", "rule": "sum"}},
        grid("entry a", "1 9", "2 8"),
        [(1, 1, "9"), (2, 2, "8")],
        entries=[{"entry": 1, "delegation": "赣州"}, {"entry": 2, "delegation": "赣州"}],
        teams=[("赣州", 1, "17")],
    ),
    Example(
        "奖项：按比例与名额，线上并列",
        "Awards by share and by number, ties on the boundary",
        {
            "aspects": ["a"],
            "award_lines": [
                {
                    "id": "first",
                    "title": "一等奖",
                    "title_en": "First",
                    "share": "0.2",
                    "rounding": "floor",
                    "ties": "cut",
                    "titles": ["技术能手"],
                },
                {"id": "second", "share": "0.2", "rounding": "half_up", "ties": "extend"},
                {"id": "third", "share": "0.1", "rounding": "ceil", "minimum_total": 50},
                {"id": "merit", "count": 1, "minimum_field": 10},
            ],
        },
        grid("entry a", "1 90", "2 80", "3 80", "4 60", "5 40"),
        [
            (1, 1, "90", "first"),
            (2, 2, "80", "second"),
            (3, 2, "80", "second"),
            (4, 4, "60", ""),
            (5, 5, "40", ""),
        ],
        "1 first; 1 second, both tied on place 2; the 1 third would be place 3, which is shared; merit needs ten",
        columns=("award",),
    ),
    *(
        Example(
            f"取舍方式：{words}",
            f"Rounding: {mode}",
            {"aspects": ["a"], "roundings": {"total": {"step": 1, "mode": mode}}},
            grid("entry a", "1 2.5", "2 1.2"),
            [(1, 1, up), (2, 2, down)],
        )
        for words, mode, up, down in (
            ("五成双", "half_even", "2", "1"),
            ("舍去", "down", "2", "1"),
            ("进位", "up", "3", "2"),
            ("向下", "floor", "2", "1"),
            ("向上", "ceil", "3", "2"),
        )
    ),
)
