"""Write docs/schemes.md again."""

from pathlib import Path

from tests.federation.judging.reference.printing import FILE, reference

Path(FILE).write_text(reference(), "utf-8")
