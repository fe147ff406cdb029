"""Rules to start from, named and editable. None is law: each carries a basis field to be replaced by the document
that really governs the contest."""

from functools import cache
from importlib.resources import files
from types import MappingProxyType

from federation.judging.schemes import Scheme

NAMES = ("jiangxi_30_70", "world_skills", "five_judges", "knowledge")


@cache
def presets() -> MappingProxyType[str, Scheme]:
    """All presets by name, in the order to offer them."""
    folder = files(__package__) / "rules"
    found = {name: Scheme.from_json((folder / f"{name}.json").read_text("utf-8")) for name in NAMES}
    return MappingProxyType(found)


def preset(name: str) -> Scheme:
    """Raises KeyError."""
    return presets()[name]
