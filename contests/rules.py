"""Who may do what to a contest: predicates of (viewer, ground), asked by pages, templates and API alike."""

from __future__ import annotations

from dataclasses import dataclass

from federation.accounts import Viewer

SEPARATED = ("administrator", "security_administrator", "auditor")
"""三员: whoever holds one of these runs, guards or audits the system and never touches a mark."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Where an act takes place: contest, path of its host unit and, where it is about one, event category."""

    contest: int
    host_path: str
    event_category: int | None = None


def holds_here(viewer: Viewer | None, ground: Ground, *roles: str) -> bool:
    """Whether one of the roles reaches this ground: by the branch of the host, contest or event category."""
    if viewer is None:
        return False
    return (
        viewer.covers(ground.host_path, *roles)
        or viewer.granted("contest", ground.contest, *roles)
        or (ground.event_category is not None and viewer.granted("event", ground.event_category, *roles))
    )


def is_separated(viewer: Viewer | None) -> bool:
    return viewer is not None and viewer.holds(*SEPARATED)


def may_create_contest(viewer: Viewer | None, host_path: str) -> bool:
    """Organisers and officers, for a host in their own branch."""
    return (
        viewer is not None and not is_separated(viewer) and viewer.covers(host_path, "organiser", "officer")
    )


def may_organise(viewer: Viewer | None, ground: Ground) -> bool:
    """Change the programme, move states, decide on all entries."""
    return not is_separated(viewer) and (
        holds_here(viewer, ground, "organiser")
        or (viewer is not None and viewer.covers(ground.host_path, "officer"))
    )


def may_work_on(viewer: Viewer | None, ground: Ground) -> bool:
    """Open the workspace of the contest, to look or to do."""
    return may_organise(viewer, ground) or holds_here(
        viewer,
        ground,
        *("clerk", "judge", "chief_referee", "supervisor", "checkin", "anonymiser", "appeals_panel"),
    )


def may_see_entries(viewer: Viewer | None, ground: Ground) -> bool:
    """See every entry of the contest by name. Leaders and officers see those of `entry_branches` only."""
    return may_organise(viewer, ground) or holds_here(viewer, ground, "chief_referee", "supervisor")


def entry_branches(viewer: Viewer | None, ground: Ground) -> tuple[str, ...]:
    """Paths of the delegations whose entries the viewer sees; ("",) is all of them, () none."""
    if may_see_entries(viewer, ground):
        return ("",)
    return () if viewer is None else viewer.branches("officer", "leader")


def may_file_entries(viewer: Viewer | None, ground: Ground, delegation_path: str) -> bool:
    """Register others, one by one or from a file, for a delegation."""
    return may_organise(viewer, ground) or (
        viewer is not None
        and not is_separated(viewer)
        and viewer.covers(delegation_path, "officer", "leader")
    )


def may_decide_entries(viewer: Viewer | None, ground: Ground) -> bool:
    """Approve or return entries: the organiser of the contest. Withdrawing is open to whoever may file."""
    return may_organise(viewer, ground)


def may_enter_marks(viewer: Viewer | None, ground: Ground) -> bool:
    """Clerks and the chief referee; the organiser of a small contest too. Judges mark from their seat, by its link."""
    return not is_separated(viewer) and (
        may_organise(viewer, ground) or holds_here(viewer, ground, "clerk", "chief_referee")
    )


def may_correct_marks(viewer: Viewer | None, ground: Ground) -> bool:
    """Change a mark with a reason after the board is frozen."""
    return not is_separated(viewer) and (
        may_organise(viewer, ground) or holds_here(viewer, ground, "chief_referee")
    )


def may_see_staff_board(viewer: Viewer | None, ground: Ground) -> bool:
    """Full names and the newest marks, whatever the public is shown."""
    return may_organise(viewer, ground) or holds_here(viewer, ground, "clerk", "chief_referee", "supervisor")


def may_publish(viewer: Viewer | None, ground: Ground) -> bool:
    """Publish and withdraw a board."""
    return may_organise(viewer, ground)


def may_referee(viewer: Viewer | None, ground: Ground) -> bool:
    """Open and close the marking: the chief referee, or the organiser."""
    return not is_separated(viewer) and (
        may_organise(viewer, ground) or holds_here(viewer, ground, "chief_referee")
    )


def may_check_in(viewer: Viewer | None, ground: Ground) -> bool:
    """Record who came: check-in, or the organiser."""
    return not is_separated(viewer) and (
        may_organise(viewer, ground) or holds_here(viewer, ground, "checkin")
    )


def may_code(viewer: Viewer | None, ground: Ground) -> bool:
    """Hold a layer of coding; which one is said by the layer itself."""
    return not is_separated(viewer) and holds_here(viewer, ground, "anonymiser")


def may_witness(viewer: Viewer | None, ground: Ground) -> bool:
    """Stand by when a layer is opened."""
    return not is_separated(viewer) and (
        may_organise(viewer, ground) or holds_here(viewer, ground, "chief_referee", "supervisor")
    )


def may_see_coding(viewer: Viewer | None, ground: Ground) -> bool:
    """See how far the coding is: never what a layer says."""
    return may_code(viewer, ground) or may_witness(viewer, ground)


def may_diagnose(viewer: Viewer | None, ground: Ground) -> bool:
    """See how judges, modules and places hold up. A clerk or judge as such sees nobody else's marks compared."""
    return not is_separated(viewer) and (
        may_organise(viewer, ground) or holds_here(viewer, ground, "chief_referee", "supervisor")
    )


def may_see_awards(viewer: Viewer | None, ground: Ground) -> bool:
    """See the award list with its titles, the certificates and what the archive lacks."""
    return not is_separated(viewer) and (
        may_organise(viewer, ground) or holds_here(viewer, ground, "chief_referee", "supervisor")
    )


def may_decide_awards(viewer: Viewer | None, ground: Ground) -> bool:
    """Propose titles and note what became of them, issue and revoke certificates, fill the archive."""
    return may_organise(viewer, ground)


def may_export_identities(viewer: Viewer | None, ground: Ground) -> bool:
    """Take the award list away with full identity numbers; each time is audited."""
    return may_organise(viewer, ground)


def may_rule_series(viewer: Viewer | None) -> bool:
    """Set the rules of titles for a whole series: who organises for, or is an officer of, the whole province."""
    return (
        viewer is not None
        and not is_separated(viewer)
        and any(path.count("/") <= 1 for path in viewer.branches("organiser", "officer"))
    )


def may_answer_objections(viewer: Viewer | None, ground: Ground) -> bool:
    """Read objections and answer them: the organiser, the appeals panel, the supervisor."""
    return not is_separated(viewer) and (
        may_organise(viewer, ground) or holds_here(viewer, ground, "appeals_panel", "supervisor")
    )


def may_see_seats(viewer: Viewer | None, ground: Ground) -> bool:
    """See the judges' seats with the names of those who sit there, what was handed in, and where marks stand apart."""
    return may_organise(viewer, ground) or holds_here(viewer, ground, "chief_referee", "supervisor")


def may_recheck(viewer: Viewer | None, ground: Ground) -> bool:
    """See the list of a recheck and enter what was found on a sheet of it; whose marks they are not is asked there."""
    return not is_separated(viewer) and (
        may_organise(viewer, ground) or holds_here(viewer, ground, "supervisor", "chief_referee", "clerk")
    )


def may_draw_recheck(viewer: Viewer | None, ground: Ground) -> bool:
    """Draw the list of a recheck, set it aside, finish it."""
    return not is_separated(viewer) and (
        may_organise(viewer, ground) or holds_here(viewer, ground, "supervisor", "chief_referee")
    )


def may_appeal(viewer: Viewer | None, delegation_path: str) -> bool:
    """Appeal for an entry of this delegation: its leader, nobody for them."""
    return viewer is not None and not is_separated(viewer) and viewer.covers(delegation_path, "leader")


def may_open_appeals(viewer: Viewer | None) -> bool:
    """Open the page of one's own appeals: who leads a delegation or sits on a panel, wherever that is."""
    return viewer is not None and not is_separated(viewer) and viewer.holds("leader", "appeals_panel")


def may_hear_appeals(viewer: Viewer | None, ground: Ground) -> bool:
    """Decide appeals: the panel. Whose unit it is about is asked with each appeal."""
    return not is_separated(viewer) and holds_here(viewer, ground, "appeals_panel")


def may_see_appeals(viewer: Viewer | None, ground: Ground) -> bool:
    """See every appeal with its words: the panel, and those who carry out what it decides."""
    return may_hear_appeals(viewer, ground) or (
        not is_separated(viewer)
        and (may_organise(viewer, ground) or holds_here(viewer, ground, "supervisor", "chief_referee"))
    )


def may_sign_sheets(viewer: Viewer | None, ground: Ground) -> bool:
    """Say of a printed sheet that it came back signed; never of one whose marks are one's own."""
    return may_enter_marks(viewer, ground) or (
        not is_separated(viewer) and holds_here(viewer, ground, "supervisor")
    )


def may_sign_as_chief_referee(viewer: Viewer | None, ground: Ground) -> bool:
    """Sign for all marks of an event category: the chief referee in person, no organiser in their place."""
    return not is_separated(viewer) and holds_here(viewer, ground, "chief_referee")


def may_sign_as_supervisor(viewer: Viewer | None, ground: Ground) -> bool:
    """Sign for all marks of an event category beside the chief referee."""
    return not is_separated(viewer) and holds_here(viewer, ground, "supervisor")


def may_see_paper(viewer: Viewer | None, ground: Ground) -> bool:
    """See the printed sheets and how far each is; marks on one only once it is confirmed."""
    return may_enter_marks(viewer, ground) or (
        not is_separated(viewer) and holds_here(viewer, ground, "supervisor")
    )


def may_see_desk(viewer: Viewer | None, ground: Ground) -> bool:
    """See how the marking stands as the chief referee does: by judge and by piece, numbers only."""
    return not is_separated(viewer) and (
        may_organise(viewer, ground) or holds_here(viewer, ground, "chief_referee", "supervisor")
    )
