"""Words for the choices inside a record."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..engine.details import Heard, Outcome, Purpose, Topic

OUTCOME_LABELS: dict[Outcome, Promise] = {
    Outcome.PASSED: _("agreed"),
    Outcome.REJECTED: _("not agreed"),
    Outcome.EXTENDED: _("probation extended"),
    Outcome.CANCELLED: _("probationary membership cancelled"),
}
HEARD_LABELS: dict[Heard, Promise] = {
    Heard.GROUP: _("the party group"),
    Heard.CONTACTS: _("the cultivation contacts"),
    Heard.MEMBERS: _("members of the branch"),
    Heard.MASSES: _("people outside the party"),
}
TOPIC_LABELS: dict[Topic, Promise] = {
    Topic.BACKGROUND: _("study and work so far"),
    Topic.VIEW: _("view of the party"),
    Topic.MOTIVE: _("why the person wants to join"),
    Topic.LAW: _("keeping of law and discipline"),
    Topic.FAMILY: _("family"),
}
PURPOSE_LABELS: dict[Purpose, Promise] = {
    Purpose.TARGET: _("listing of a development target"),
    Purpose.ADMISSION: _("admission of a probationary member"),
    Purpose.CONVERSION: _("conversion to full membership"),
}
