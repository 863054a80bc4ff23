"""Verbs around reports: report, decide, ask for another look; and what rooms tell when they hide something."""

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F, Model
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access.rights import rights_of
from portal.accounts.models import User
from portal.audit.services import record
from portal.notifications.services import post
from portal.organizations.duties import Duty
from portal.organizations.models import Organization
from portal.rulesets.days import add_workdays
from portal.rulesets.queries import calendar
from portal.web.locking import held_row
from portal.web.refusals import RuleError

from .models import DOWN, Flag, FlaggedContent, Reason, State
from .queries import deciding_node, overdue
from .registry import ModeratedKind, kind_of, moderated_kinds

# A decision is promised within so many working days; after that the node above is told as well.
DECIDE_WITHIN = 2
FLAGS_A_DAY = 20
# What was decided is deleted with what it quotes after so long; the trail keeps what was done.
KEPT_DAYS = 365


@transaction.atomic
def flag(row: Model, *, reason: str, words: str = "", by: User) -> Flag:
    """Report ``row`` to those who moderate where it stands; again from the same person gives the same report.

    Raises ``RuleError`` for one's own content, for what is hidden already, for a reason without the words it needs,
    and when somebody reports too much in a day.
    """
    kind = kind_of(row)
    row = _held(kind, row.pk)
    waiting = _open_of(row)
    if waiting is not None and (earlier := Flag.objects.filter(flagged=waiting, by=by).first()):
        return earlier
    words = " ".join(words.split())
    _check_flag(kind, row, reason, words, by=by)
    now = timezone.now()
    if waiting is None:
        waiting = _open(kind, row, at=now)
    made = Flag.objects.create(flagged=waiting, by=by, reason=reason, words=words[:500], at=now)
    FlaggedContent.objects.filter(pk=waiting.pk).update(flag_count=F("flag_count") + 1)
    record("moderation.flagged", waiting, by=by, at=waiting.organization)
    if waiting.flag_count == 0:
        _tell_deciders(waiting, "moderation_flagged", reason=reason)
    return made


def _check_flag(kind: ModeratedKind, row: Model, reason: str, words: str, *, by: User) -> None:
    if kind.author_id(row) == by.pk:
        raise RuleError(_("You wrote this yourself: you can change it or remove it."))
    if kind.is_hidden(row):
        raise RuleError(_("This is no longer shown; there is nothing to report."))
    if reason not in Reason.values:
        raise RuleError({"reason": _("Choose a reason.")})
    if reason == Reason.OTHER and not words:
        raise RuleError({"words": _("Say in a few words what is wrong.")})
    since = timezone.now() - timedelta(days=1)
    if Flag.objects.filter(by=by, at__gt=since).count() >= FLAGS_A_DAY:
        raise RuleError(
            _("You have reported %(limit)s times since yesterday. Speak to those who moderate here instead.")
            % {"limit": FLAGS_A_DAY}
        )


def _open(kind: ModeratedKind, row: Model, *, at: datetime) -> FlaggedContent:
    place, author_id = kind.place(row), kind.author_id(row)
    found = deciding_node(place, without=[author_id])
    return FlaggedContent.objects.create(
        **_about(kind, row), organization=place, decides=found[0] if found else place, opened_at=at, due_on=_promise(at)
    )


def _about(kind: ModeratedKind, row: Model) -> dict[str, Any]:
    return {
        "content_type": ContentType.objects.get_for_model(type(row)),
        "object_id": row.pk,
        "kind": kind.code,
        "title": kind.title(row)[:200],
        "quoted": kind.words(row),
        "author_id": kind.author_id(row),
    }


def _promise(at: datetime) -> date:
    return add_workdays(timezone.localdate(at), DECIDE_WITHIN, calendar())[0]


def _held(kind: ModeratedKind, pk: int) -> Model:
    """Hold the content first, then what is decided about it: always in this order."""
    return kind.model_class()._default_manager.select_for_update(of=("self",)).select_related(*kind.related).get(pk=pk)


def _rows_of(row: Model) -> Any:
    owner = ContentType.objects.get_for_model(type(row))
    rows = FlaggedContent.objects.select_for_update()
    return rows.filter(content_type=owner, object_id=row.pk)


def _open_of(row: Model) -> FlaggedContent | None:
    return _rows_of(row).filter(state=State.OPEN).first()


@transaction.atomic
def decide(flagged: FlaggedContent, *, take_down: bool, words: str, by: User) -> FlaggedContent:
    """Take reported content down, or leave it; on an appeal: leave it down, or show it again.

    ``words`` are for the author when it is taken down, for those who reported it otherwise. Raises ``RuleError`` when
    somebody else decided meanwhile or the content is gone.
    """
    kind = moderated_kinds.get(flagged.kind)
    if not words.strip():
        raise RuleError({"words": _("Give the reason in a sentence.")})
    if kind is None or not kind.model_class()._default_manager.filter(pk=flagged.object_id).exists():
        raise RuleError(_("What was reported no longer exists."))
    row = _held(kind, flagged.object_id)
    held = _rows_of(row).get(pk=flagged.pk)
    if not held.is_waiting:
        raise RuleError(_("Somebody has decided meanwhile: %(state)s.") % {"state": held.get_state_display()})
    words = " ".join(words.split())[:200]
    if held.state == State.APPEALED:
        _decide_again(held, kind, row, take_down, words, by=by)
    elif take_down:
        kind.hide(row, reason=words, by=by)
    else:
        _settle(held, State.DISMISSED, words, by=by)
        record("moderation.dismissed", held, by=by, reason=words, at=held.organization)
    held.refresh_from_db()
    return held


def _decide_again(
    held: FlaggedContent, kind: ModeratedKind, row: Model, take_down: bool, words: str, *, by: User
) -> None:
    if take_down:
        _finish(held, State.UPHELD, words, by=by)
        record("moderation.upheld", held, by=by, reason=words, at=held.organization)
    else:
        kind.show(row, reason=words, by=by)


def _settle(held: FlaggedContent, state: State, words: str, *, by: User) -> None:
    """Write the first decision and tell those who reported."""
    held.state, held.words, held.decided_at, held.decided_by = state, words, timezone.now(), by
    held.save(update_fields=["state", "words", "decided_at", "decided_by"])
    _tell_reporters(held)


def _finish(held: FlaggedContent, state: State, words: str, *, by: User) -> None:
    """Write the last decision and tell the author."""
    asked = held.state == State.APPEALED
    held.state, held.final_words, held.final_at, held.final_by = state, words, timezone.now(), by
    held.save(update_fields=["state", "final_words", "final_at", "final_by"])
    if asked and held.author_id is not None:
        post(
            "moderation_looked_again",
            key=f"moderation.final:{held.pk}",
            recipients=[held.author_id],
            params={"title": held.title, "state": state.value, "words": words},
            url=content_url(held),
            by=by,
        )


def taken_down(row: Model, *, reason: str, by: User) -> None:
    """A room has hidden ``row``: whatever was reported about it is decided by that, and its author may appeal."""
    kind, words = kind_of(row), " ".join(reason.split())[:200]
    held = _open_of(row)
    if held is None:
        place, now = kind.place(row), timezone.now()
        FlaggedContent.objects.create(
            **_about(kind, row), organization=place, decides=_own_node(place, by), opened_at=now,
            state=State.TAKEN_DOWN, words=words, decided_at=now, decided_by=by,
        )  # fmt: skip
    else:
        held.decides = _own_node(held.decides, by)
        held.save(update_fields=["decides"])
        _settle(held, State.TAKEN_DOWN, words, by=by)


def _own_node(place: Organization, by: User) -> Organization:
    """Return the node at or above ``place`` for which ``by`` decides; ``place`` for whoever holds no such duty."""
    paths = [path for path in rights_of(by).duties.get(Duty.MODERATE, ()) if place.path.startswith(path)]
    return Organization.objects.get(path=max(paths, key=len)) if paths else place


def shown_again(row: Model, *, reason: str, by: User) -> None:
    """A room shows ``row`` again; raises ``RuleError`` where only a node further up may do that."""
    held = _rows_of(row).filter(state__in=DOWN).order_by("-pk").first()
    if held is None:
        return
    if not rights_of(by).holds_on(Duty.MODERATE, held.decides.path):
        raise RuleError(
            _("%(organization)s decided this; only there can it be shown again.") % {"organization": held.decides}
        )
    _finish(held, State.RESTORED, " ".join(reason.split())[:200], by=by)


def withdrawn(row: Model) -> None:
    """The author of ``row`` has removed it: what was reported needs no decision any more."""
    _rows_of(row).filter(state=State.OPEN).update(state=State.GONE)


def brought_back(row: Model) -> None:
    """The author of ``row`` shows it again after having removed it: what was reported waits anew."""
    held = _rows_of(row).order_by("-pk").first()
    if held is not None and held.state == State.GONE:
        held.state, held.due_on, held.told_higher_on = State.OPEN, _promise(timezone.now()), None
        held.save(update_fields=["state", "due_on", "told_higher_on"])


@transaction.atomic
def appeal(flagged: FlaggedContent, *, words: str, by: User) -> FlaggedContent:
    """Ask once for another look at what was taken down, by the next node above, or by somebody else on the same.

    Raises ``RuleError`` when it was asked already or nobody is there who could look.
    """
    held, words = held_row(FlaggedContent.objects.select_related("organization", "decides"), flagged.pk), words.strip()
    if held.state != State.TAKEN_DOWN:
        raise RuleError(_("Another look can be asked for once, while it is taken down."))
    if not words:
        raise RuleError({"words": _("Say why it should be shown.")})
    left_out = [held.author_id, held.decided_by_id]
    found = deciding_node(held.decides, without=left_out, above=True) or deciding_node(held.decides, without=left_out)
    if found is None:
        raise RuleError(_("There is nobody else who could look at it again. Speak to those who took it down."))
    held.state, held.appeal, held.appealed_at = State.APPEALED, words[:1000], timezone.now()
    held.decides, held.due_on, held.told_higher_on = found[0], _promise(held.appealed_at), None
    held.save(update_fields=["state", "appeal", "appealed_at", "decides", "due_on", "told_higher_on"])
    record("moderation.appealed", held, by=by, at=held.organization)
    _tell_deciders(held, "moderation_appealed")
    return held


def content_url(flagged: FlaggedContent) -> str:
    """Return where what was reported stands, or an empty text when it is gone."""
    kind = moderated_kinds.get(flagged.kind)
    row = kind.model_class()._default_manager.filter(pk=flagged.object_id).first() if kind else None
    return kind.url(row) if kind and row is not None else ""


def _tell_deciders(flagged: FlaggedContent, code: str, **params: Any) -> None:
    left_out = [flagged.author_id, flagged.decided_by_id if flagged.state == State.APPEALED else None]
    found = deciding_node(flagged.decides, without=left_out)
    if found is None:
        return
    assert flagged.due_on is not None
    post(
        code,
        key=f"{code}:{flagged.pk}",
        recipients=found[1],
        params={
            "title": flagged.title,
            "organization": str(flagged.organization),
            "day": flagged.due_on.isoformat(),
            **params,
        },
        url=flagged.get_absolute_url(),
    )


def _tell_reporters(flagged: FlaggedContent) -> None:
    post(
        "moderation_decided",
        key=f"moderation.decided:{flagged.pk}",
        recipients=User.objects.filter(is_active=True, pk__in=flagged.flags.values("by_id")),
        params={"title": flagged.title, "state": str(flagged.state), "words": flagged.words},
        url=reverse("moderation:my-flags"),
    )


def run_daily(on: date) -> int:
    """Tell the node above of what was promised before ``on`` and still waits; return of how much. Once for each."""
    told = 0
    for pk in list(overdue(on).order_by("pk").values_list("pk", flat=True)[:500]):
        with transaction.atomic():
            flagged = held_row(FlaggedContent.objects.select_related("organization", "decides"), pk)
            if flagged.is_waiting and flagged.told_higher_on is None:
                _tell_higher(flagged, on)
                told += 1
    return told


def _tell_higher(flagged: FlaggedContent, on: date) -> None:
    flagged.told_higher_on = on
    flagged.save(update_fields=["told_higher_on"])
    left_out = [flagged.author_id, flagged.decided_by_id]
    found = deciding_node(flagged.decides, without=left_out, above=True)
    if found is None:
        return
    assert flagged.due_on is not None
    params = {"title": flagged.title, "organization": str(flagged.decides), "day": flagged.due_on.isoformat()}
    key = f"moderation_late:{flagged.pk}:{flagged.due_on.isoformat()}"
    post("moderation_late", key=key, recipients=found[1], params=params, url=flagged.get_absolute_url())


def purge(*, before: datetime | None = None) -> int:
    """Delete what was decided a year ago and is not down any more, with what it quotes; return how much."""
    before = before or timezone.now() - timedelta(days=KEPT_DAYS)
    rows = FlaggedContent.objects.filter(opened_at__lt=before, state__in=(State.DISMISSED, State.RESTORED, State.GONE))
    keys = list(rows.order_by("pk").values_list("pk", flat=True)[:500])
    FlaggedContent.objects.filter(pk__in=keys).delete()
    return len(keys)
