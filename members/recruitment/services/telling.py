"""Whom a change in a case is told to. The candidate hears of a standing that was decided, of nothing before."""

from collections.abc import Iterable

from django.urls import reverse

from portal.access.policy import holders
from portal.notifications.services import post

from .. import notices
from ..engine.people import Role
from ..engine.verdicts import Position
from ..models import Case, CaseMove, ExceptionGrant, StepRecord


def _page(case: Case) -> str:
    return reverse("members:recruitment:case-detail", args=[case.pk])


_SIDE = {Role.SUPERIOR: "decide", Role.UPPER: "decide"}


def tell_opened(case: Case, *, by_id: int) -> None:
    post(
        notices.APPLIED.code,
        key=f"recruitment_applied:{case.pk}",
        recipients=holders("record", case).exclude(pk=by_id),
        params={"name": case.person.name},
        url=_page(case),
    )


def tell_recorded(case: Case, row: StepRecord, before: str, position: Position, moved: str) -> None:
    """Tell the committee when its turn has come, the branch what the committee recorded, the candidate a standing."""
    params = {"name": case.person.name, "branch": str(case.organization), "step": row.step, "what": row.kind}
    if row.role == Role.SUPERIOR:
        post(
            notices.DECIDED.code,
            key=f"recruitment_decided:{row.pk}",
            recipients=holders("record", case).exclude(pk=row.recorded_by_id),
            params={name: params[name] for name in ("name", "what", "step")},
            url=_page(case),
        )
    elif turn := _turn_of_superior(position):
        step, kind = turn
        if turn != tuple(before.split(":")):
            post(
                notices.WAITING.code,
                key=f"recruitment_waiting:{case.pk}:{step}:{kind}:{row.round}",
                recipients=holders("decide", case).exclude(pk=row.recorded_by_id),
                params={"name": params["name"], "branch": params["branch"], "step": step},
                url=_page(case),
            )
    if moved:
        post(
            notices.STANDING.code,
            key=f"recruitment_standing:{case.pk}:{moved}:{row.pk}",
            recipients=[case.person.user_id],
            params={"standing": moved, "branch": params["branch"]},
            url=reverse("members:recruitment:my-way"),
        )


def turn_of(position: Position) -> str:
    """Return what the superior may record next as ``step:kind``, or ``""``."""
    turn = _turn_of_superior(position)
    return ":".join(turn) if turn else ""


def _turn_of_superior(position: Position) -> tuple[str, str] | None:
    wanted = {(gap.step, gap.kind) for gap in position.gaps if gap.code == "record" and gap.actor in _SIDE}
    found = [(item.step, item.kind) for item in position.may if (item.step, item.kind) in wanted]
    return found[0] if found else None


def tell_sponsors(case: Case, row: StepRecord, people: Iterable[int]) -> None:
    post(
        notices.SPONSOR.code,
        key=f"recruitment_sponsor:{row.pk}",
        recipients=people,
        params={"name": case.person.name},
        url=_page(case),
    )


def tell_exception(case: Case, grant: ExceptionGrant) -> None:
    post(
        notices.EXCEPTION.code,
        key=f"recruitment_exception:{grant.pk}",
        recipients=holders("record", case),
        params={"name": case.person.name, "committee": str(grant.node), "words": grant.words},
        url=_page(case),
    )


def tell_moved(case: Case, move: CaseMove) -> None:
    post(
        notices.MOVED.code,
        key=f"recruitment_moved:{move.pk}",
        recipients=holders("record", case).exclude(pk=move.by_id),
        params={"name": case.person.name, "branch": str(case.organization), "before": str(move.from_branch)},
        url=_page(case),
    )


def tell_corrected(case: Case, row: StepRecord) -> None:
    """Tell the other side: a committee's figures rest on the branch's records, and the other way round."""
    action = "record" if row.role == Role.SUPERIOR else "decide"
    post(
        notices.CORRECTED.code,
        key=f"recruitment_corrected:{row.pk}",
        recipients=holders(action, case).exclude(pk=row.recorded_by_id),
        params={"name": case.person.name, "what": row.kind, "words": row.reason},
        url=_page(case),
    )
