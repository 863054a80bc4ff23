"""What the verbs on the tree hold while they decide: first its shape, then nodes, then the people in them."""

from datetime import date

from django.utils.translation import gettext as _

from portal.web.refusals import RuleError

from ..models import Organization


def lock_shape() -> None:
    """Let one change of the tree's shape wait for the other: paths of many nodes follow from each other."""
    list(Organization.objects.select_for_update(no_key=True).filter(depth=1).values_list("pk"))


def lock_open(node: Organization, *, on: date) -> Organization:
    """Hold ``node`` until the transaction ends, so that it cannot be merged or closed meanwhile.

    Taken before any row of a person, as mergers do. Raises ``RuleError`` when the node is closed on ``on``.
    """
    node = Organization.objects.select_for_update(no_key=True).get(pk=node.pk)
    if node.closed_on and node.closed_on <= on:
        raise RuleError(_("This organization is closed."))
    return node
