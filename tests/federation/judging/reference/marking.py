"""Examples of marking: judges, points, attempts, weights, deductions. Numbers are worked by hand."""

from __future__ import annotations

from tests.federation.judging.reference.shapes import Example, grid, judged, measured, panel, tries

MARKING = (
    Example(
        "理论 30 %、实操 70 %，总分两位小数四舍五入",
        "Theory 30 %, practice 70 %, the total to two decimals, half up",
        {
            "id": "welding",
            "title": "焊工决赛",
            "title_en": "Welding final",
            "basis": "技术文件第 6 条",
            "edition": "2",
            "total": 100,
            "modules": [
                {"id": "theory", "title": "理论", "title_en": "Theory", "maximum": 100, "weight": "0.3"},
                {"id": "practice", "weight": "0.7"},
            ],
            "roundings": {"total": {"step": "0.01", "mode": "half_up"}},
        },
        grid("entry theory practice", "1 80 90", "2 95.5 83.35"),
        [(1, 1, "87"), (2, 1, "87")],
        "0.3 × 95.5 + 0.7 × 83.35 = 86.995 → 87.00",
    ),
    Example("各裁判相加", "Judges added", judged(method="sum"), panel("a", "1 9 8 7"), [(1, 1, "24")]),
    Example(
        "缺席的裁判用其他人的平均代替",
        "The mean of the others stands in for an absent judge",
        judged(method="sum", judges=4, absent="fill"),
        panel("a", "1 9 8 7 absent"),
        [(1, 1, "32")],
        "24 + 8",
    ),
    Example(
        "平均；少于 3 个评分没有成绩",
        "Mean; fewer than three marks are no value",
        judged(method="mean", minimum=3),
        panel("a", "1 9 8 8.5", "2 9 8"),
        [(1, 1, "8.5"), (2, "", "")],
    ),
    Example(
        "等齐所有没有回避的裁判",
        "Wait for every judge who did not step aside",
        judged(method="mean", judges=3, absent="wait"),
        panel("a", "1 9 8 recused", "2 9 8 -"),
        [(1, 1, "8.5"), (2, "", "")],
    ),
    Example(
        "中位数", "Median", judged(method="median"), panel("a", "1 9 8 7 3"), [(1, 1, "7.5")], "(7 + 8) / 2"
    ),
    Example(
        "去掉最高最低后平均，不足 5 个不去",
        "Without the highest and the lowest, from five marks on",
        judged(method="trimmed_mean", drop_high=1, drop_low=1, trim_from=5, absent="shrink"),
        panel("a", "1 10 9 8 7 3", "2 10 8 6 -"),
        [(1, 1, "8"), (2, 1, "8")],
        "(9 + 8 + 7) / 3; (10 + 8 + 6) / 3",
    ),
    Example(
        "去掉两高两低后相加",
        "Without two highest and two lowest, added",
        judged(method="trimmed_sum", drop_high=2, drop_low=2),
        panel("a", "1 10 9 8 7 6 5 1"),
        [(1, 1, "21")],
        "8 + 7 + 6",
    ),
    Example(
        "偏离平均分 1 分以上的收回，平均分先取整",
        "Marks further than 1 from the mean are drawn in; that mean is rounded first",
        judged(method="clamped_mean", clamp=1, center=1),
        panel("a", "1 2 8 9"),
        [(1, 1, "6.33")],
        "mean 19/3 → 6; (5 + 7 + 7) / 3",
    ),
    Example(
        "一个商定的评分",
        "One agreed mark",
        judged(method="single"),
        grid("entry a", "1 7.5"),
        [(1, 1, "7.5")],
    ),
    Example(
        "评价分：三名裁判 0–3 分，折合 5 分，分差不超过 1",
        "Judgement: three judges 0–3 worth 5, differing by at most 1",
        {
            "aspects": [
                {
                    "id": "finish",
                    "title": "外观",
                    "title_en": "Finish",
                    "kind": "judgement",
                    "minimum": 0,
                    "maximum": 3,
                    "step": 1,
                    "worth": 5,
                    "max_spread": 1,
                    "rounding": {"step": "0.01"},
                    "panel": {"method": "mean", "judges": 3},
                    "anchors": [
                        {"value": 0, "text": "未做", "text_en": "Not done"},
                        {"value": 3, "text": "优秀"},
                    ],
                }
            ]
        },
        panel("finish", "1 2 2 1", "2 1 1 1"),
        [(1, 1, "2.78"), (2, 2, "1.67")],
        "5/3 ÷ 3 × 5 = 2.777…",
    ),
    Example(
        "测量值按线性规则得分，每 3 个单位扣 1 分",
        "Points by a linear rule: one less for every 3 measured",
        measured(kind="linear", base=20, slope=-1, per=3, floor=0, cap=20),
        grid("entry m", "1 6", "2 90"),
        [(1, 1, "18"), (2, 2, "0")],
    ),
    Example(
        "达到界值得分",
        "Points from a bound on",
        {
            "aspects": [
                {
                    "id": "m",
                    "kind": "measurement",
                    "rule": {
                        "kind": "table",
                        "match": "from",
                        "otherwise": 1,
                        "table": [{"bound": 10, "points": 5}, {"bound": 20, "points": 9}],
                    },
                }
            ]
        },
        grid("entry m", "1 20", "2 19", "3 9"),
        [(1, 1, "9"), (2, 2, "5"), (3, 3, "1")],
    ),
    Example(
        "不超过界值得分",
        "Points up to a bound",
        measured(kind="table", match="upto", table=[{"bound": 10, "points": 9}, {"bound": 20, "points": 5}]),
        grid("entry m", "1 10", "2 11", "3 21"),
        [(1, 1, "9"), (2, 2, "5"), (3, 3, "0")],
    ),
    Example(
        "恰好等于才得分",
        "Points for exactly this value",
        measured(kind="table", match="exact", table=[{"bound": 1, "points": 12}, {"bound": 2, "points": 10}]),
        grid("entry m", "1 2", "2 3"),
        [(1, 1, "10"), (2, 2, "0")],
    ),
    Example(
        "幂公式：百米 10.85 秒",
        "A power: 10.85 s over 100 m",
        measured(kind="power", a="25.4347", b=18, c="1.81", better="lower"),
        grid("entry m", "1 10.85"),
        [(1, 1, "894")],
    ),
    Example(
        "幂公式：跳远 7.84 米按厘米计",
        "A power: 7.84 m counted in centimetres",
        measured(kind="power", a="0.14354", b=220, c="1.4", unit=100, better="higher"),
        grid("entry m", "1 7.84"),
        [(1, 1, "1020")],
    ),
    Example(
        "动作难度系数，先取舍再乘",
        "Difficulty of a performance, rounded after the product",
        {
            "aspects": [{"id": "dive", "maximum": 30, "factored": True, "kind": "points"}],
            "roundings": {"product": "0.1"},
        },
        [
            {"entry": 1, "aspect": "dive", "value": 24.5, "factor": 2.7},
            {"entry": 2, "aspect": "dive", "value": 25},
        ],
        [(1, 1, "66.2"), (2, 2, "25")],
        "24.5 × 2.7 = 66.15 → 66.2",
    ),
    Example(
        "子项与评分点的权重、各层取舍",
        "Weights of sub-criteria and aspects, rounding at every level",
        {
            "modules": [
                {
                    "id": "A",
                    "maximum": 20,
                    "rounding": 1,
                    "cap": 18,
                    "subcriteria": [
                        {
                            "id": "s",
                            "title": "焊缝",
                            "title_en": "Seam",
                            "maximum": 10,
                            "weight": 2,
                            "floor": 0,
                            "cap": 10,
                            "rounding": "0.5",
                            "deductions": [{"id": "scratch"}],
                            "aspects": [{"id": "x", "weight": "0.1"}],
                        }
                    ],
                }
            ],
            "roundings": {
                "panel": "0.1",
                "aspect": "0.1",
                "subcriterion": "0.1",
                "module": "0.1",
                "weighted": "0.1",
                "stage": "0.1",
            },
        },
        grid("entry x scratch", "1 87.6 1", "2 99 -"),
        [(2, 1, "18"), (1, 2, "16")],
        "0.1 × 87.6 = 8.76 → 8.8 − 1 = 7.8 → 8; 2 × 8 = 16",
    ),
    Example(
        "扣分、封顶与最低 0 分",
        "Points off, limited, and never below 0",
        {
            "modules": [
                {
                    "id": "A",
                    "floor": 0,
                    "aspects": ["x"],
                    "deductions": [
                        {
                            "id": "safety",
                            "title": "安全",
                            "title_en": "Safety",
                            "kind": "points",
                            "each": 2,
                            "maximum": 5,
                        }
                    ],
                }
            ]
        },
        grid("entry x safety", "1 80 2", "2 80 9", "3 3 9"),
        [(1, 1, "76"), (2, 2, "75"), (3, 3, "0")],
    ),
    Example(
        "按比例扣",
        "A share off",
        {
            "modules": [
                {
                    "id": "A",
                    "floor": 0,
                    "aspects": ["x"],
                    "deductions": [{"id": "late", "kind": "percent", "each": 10}],
                }
            ]
        },
        grid("entry x late", "1 80 1", "2 60 -"),
        [(1, 1, "72"), (2, 2, "60")],
    ),
    Example(
        "裁判长加减分（可正可负）",
        "Adjustment of the chief referee, signed",
        {"aspects": ["x"], "deductions": [{"id": "chief", "kind": "adjust"}], "floor": 0, "cap": 100},
        grid("entry x chief", "1 80 -0.5", "2 79 0.1"),
        [(1, 1, "79.5"), (2, 2, "79.1")],
    ),
    Example(
        "模块作废与取消资格",
        "A void module and disqualification",
        {
            "modules": [
                {"id": "A", "aspects": ["x"], "deductions": [{"id": "marked", "kind": "void"}]},
                {"id": "B"},
            ],
            "deductions": [{"id": "fraud", "kind": "disqualify"}],
        },
        grid("entry x B marked fraud", "1 80 50 1 -", "2 60 60 - 1", "3 40 40 - -"),
        [(3, 1, "80", ""), (1, 2, "50", ""), (2, "", "120", "dsq")],
        columns=("status",),
    ),
    Example(
        "三轮取最好；同分比第二好",
        "Best of three; ties go to the second best",
        {
            "aspects": [{"id": "run", "attempts": {"rule": "best", "count": 1, "of": 3}}],
            "tie_breaks": ["attempt:2"],
        },
        tries("run", "1 90 70 dnf", "2 90 80 -"),
        [(2, 1, "90"), (1, 2, "90")],
    ),
    Example(
        "各轮相加",
        "Attempts added",
        {"aspects": [{"id": "a", "attempts": {"rule": "sum"}}]},
        tries("a", "1 9 3 1"),
        [(1, 1, "13")],
    ),
    Example(
        "取最后一轮",
        "The last attempt",
        {"aspects": [{"id": "a", "attempts": {"rule": "last"}}]},
        tries("a", "1 9 3 5"),
        [(1, 1, "5")],
    ),
    Example(
        "五次去掉最好最差后平均，用时少者胜",
        "Five solves without best and worst, the shorter wins",
        {
            "better": "lower",
            "aspects": [{"id": "solve", "attempts": {"rule": "mean", "skip": 1, "count": 3, "of": 5}}],
        },
        tries("solve", "1 12 10 11 15 9", "2 12 10 13 dnf 9"),
        [(1, 1, "11"), (2, 2, "11.67")],
    ),
)
