"""The faulty rows of a file that was sent, with what is wrong, to be mended and sent again."""

from __future__ import annotations

from contests.imports import Preview
from federation.spreadsheets import write_xlsx
from web.wording import say


def faults_file(shown: Preview) -> bytes:
    """The rows with faults as they were written, with their row numbers and what is wrong."""
    rows: list[list[object]] = [[*shown.headers, say("import.row"), say("import.problems")]]
    for line in shown.lines:
        if line.verdict != "good":
            problems = [f"{say('field.' + found.place)}：{say(found)}" for found in line.findings]
            cells = [*line.cells, *[""] * (len(shown.headers) - len(line.cells))]
            rows.append([*cells[: len(shown.headers)], line.number, "\n".join(problems)])
    return write_xlsx([(say("import.faults_file"), rows)], marked=[len(shown.headers) + 1])
