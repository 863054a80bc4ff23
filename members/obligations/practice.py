"""What the practice university decided about its duties: its vacations, and a few waivers of last month."""

from portal.home.practice.world import PracticeWorld
from portal.rulesets.days import add_months
from portal.rulesets.models import RuleSetting
from portal.rulesets.services import preview_setting, set_amount

from .engine.evaluate import Status
from .engine.periods import Period, Span
from .kinds import DutyKind
from .models import Waiver
from .queries.one import obligation_of
from .services import waive

EDITION = "life-2019"
VACATIONS = ("life.vacation_february", "life.vacation_august")
DECISION = "寒暑假期间学生党支部组织生活不作月度要求（校党委组织部通知）。"
REASONS = ("支部党员集中外出实习，已报备，活动并入下月开展。", "支部换届选举期间，与选举大会合并安排。")


def make_waivers(world: PracticeWorld) -> None:
    """Set the vacations, and waive the theme day of last month for two branches that missed it."""
    _set_vacations(world)
    if Waiver.objects.exists():
        return
    month = Period.of(Span.MONTH, add_months(world.today, -1))
    left = list(REASONS)
    for branch in world.branches[1:]:
        owed = obligation_of(branch, DutyKind.THEME_PARTY_DAY, month, on=world.today)
        if left and owed and owed.status is Status.OVERDUE:
            waive(branch, owed.kind, month, reason=left.pop(), by=world.accounts.get("committee"), on=world.today)
        if not left:
            return


def _set_vacations(world: PracticeWorld) -> None:
    kept = set(RuleSetting.objects.filter(edition=EDITION).values_list("code", flat=True))
    for code in VACATIONS:
        if world.root is not None and code not in kept:
            seen = preview_setting(EDITION, code, amount=1, organization=world.root).fingerprint
            set_amount(
                EDITION, code, amount=1, organization=world.root, reason=DECISION, seen=seen,
                by=world.accounts["committee"], on=world.today,
            )  # fmt: skip
