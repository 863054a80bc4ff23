"""One policy per model, and the questions asked of it: ``scope``, ``may``, ``fetch``, ``with_power``, ``holders``."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import BooleanField, Case, Model, Q, QuerySet, Value, When
from django.http import Http404
from django.utils import timezone

from portal.accounts.models import User
from portal.organizations.models import Organization, OrganizationUserObjectPermission

from .prepared import ask_as
from .rights import AnyUser, ancestor_paths, rights_of, under

M = TypeVar("M", bound=Model)

NOTHING = Q(pk__in=[])
EVERYTHING = ~Q(pk__in=[])

_registry: dict[type[Model], "Policy"] = {}


class Policy:
    """Who may do what with the rows of one model.

    ``node`` is the lookup from the model to its ``Organization`` (``""`` when the model is the organization, ``None``
    when its rows hang on no node). ``duties`` maps an action to the duty (or duties, any of which will do) that allows
    it on that node. ``own`` and ``anyone`` add what follows from being the person concerned, or from an audience.
    """

    node: ClassVar[str | None] = None
    duties: ClassVar[Mapping[str, str | tuple[str, ...]]] = {}

    @property
    def actions(self) -> tuple[str, ...]:
        """Every action the policy knows; an unknown one is allowed to nobody."""
        return tuple(dict.fromkeys([*self.duties, *self.more_actions]))

    more_actions: ClassVar[tuple[str, ...]] = ()

    def own(self, user: AnyUser, action: str) -> Q:
        """Return the rows ``user`` may ``action`` for being the person concerned; to-many relations use ``Exists``."""
        return NOTHING

    def condition(self, user: AnyUser, action: str) -> Q:
        """Return the one condition from which every answer about ``action`` follows."""
        if action not in self.actions:
            return NOTHING
        found = self.own(user, action)
        held = self.by_duty(user, action)
        if held is None:
            return found
        return held if self.node is None else found | held

    def by_duty(self, user: AnyUser, action: str) -> Q | None:
        """Return the rows that a duty alone opens, or ``None`` when no duty for ``action`` is held.

        Long lists of a subtree filter by this: joined to what is one's own by OR, no index would serve them.
        """
        needed = self.duties.get(action, ())
        rights = rights_of(user)
        paths = {
            path
            for duty in ((needed,) if isinstance(needed, str) else needed)
            for path in rights.duties.get(str(duty), ())
        }
        if not paths:
            return None
        return EVERYTHING if self.node is None else under(self.node, sorted(paths))

    def holders(self, obj: Model, action: str) -> QuerySet[User]:
        """Return the people who hold a duty that allows ``action`` on ``obj``: whom to tell."""
        needed = self.duties.get(action, ())
        duties = [str(duty) for duty in ((needed,) if isinstance(needed, str) else needed)]
        if not duties:
            return User.objects.none()
        rows = OrganizationUserObjectPermission.objects.filter(permission__codename__in=duties).exclude(
            until__lt=timezone.localdate()
        )
        if self.node is not None:
            path = self.path_of(obj)
            if not path:
                return User.objects.none()
            rows = rows.filter(content_object__path__in=ancestor_paths([path]))
        return User.objects.filter(is_active=True, pk__in=rows.values("user_id"))

    def path_of(self, obj: Model) -> str:
        """Return the tree path of the node ``obj`` hangs on, or ``""``."""
        place: Any = obj
        for name in self.node.split("__") if self.node else ():
            place = getattr(place, name, None)
            if place is None:
                return ""
        return place.path if isinstance(place, Organization) else ""


def policy_for(model: type[Model]) -> Callable[[type[Policy]], type[Policy]]:
    """Register the decorated class as the policy of ``model``."""

    def register(cls: type[Policy]) -> type[Policy]:
        _registry[model] = cls()
        return cls

    return register


def policy_of(model: type[Model]) -> Policy:
    """Return the policy of ``model``; one that has none allows nothing to anybody."""
    return _registry.get(model) or Policy()


def policies() -> Mapping[type[Model], Policy]:
    """Return every registered policy, for the tests that walk them."""
    return dict(_registry)


def scope(user: AnyUser, action: str, model: type[M]) -> QuerySet[M]:
    """Return the rows of ``model`` that ``user`` may ``action``."""
    return model._default_manager.filter(policy_of(model).condition(user, action))


def may(user: AnyUser, action: str, obj: Model) -> bool:
    """Say whether ``user`` may ``action`` on ``obj``, asked of the database at this moment."""
    return scope(user, action, type(obj)).filter(pk=obj.pk).exists()


def fetch(
    user: AnyUser,
    action: str,
    model: type[M],
    *,
    queryset: QuerySet[M] | Callable[[AnyUser], QuerySet[M]] | None = None,
    **lookup: Any,
) -> M:
    """Return the one row for ``user`` to ``action``.

    Raises ``Http404`` when it does not exist or the person may not know of it, ``PermissionDenied`` when the person
    sees it but may not do this. ``queryset`` brings ``select_related`` and the like; given as a function of the user,
    it is built once for all who hold the same (``ask_as``), with whole numbers and texts to look up.
    """
    try:
        if callable(queryset):
            rows: list[M] = ask_as(user, _fetching, model, action, queryset, **lookup)
            found = rows[0] if rows else None
        else:
            base = model._default_manager.all() if queryset is None else queryset
            found = base.filter(policy_of(model).condition(user, action)).filter(**lookup).first()
        if found is not None:
            return found
        if action != "view" and scope(user, "view", model).filter(**lookup).exists():
            raise PermissionDenied
    except (ValueError, OverflowError) as error:  # an id of the wrong shape is one that does not exist
        raise Http404 from error
    raise Http404


def _fetching(
    user: AnyUser,
    model: type[M],
    action: str,
    queryset: Callable[[AnyUser], QuerySet[M]],
    **lookup: Any,
) -> QuerySet[M]:
    return queryset(user).filter(policy_of(model).condition(user, action)).filter(**lookup).order_by()[:1]


def with_power(queryset: QuerySet[M], user: AnyUser, action: str) -> QuerySet[M]:
    """Mark each row with ``may_<action>`` in the same query."""
    condition = policy_of(queryset.model).condition(user, action)
    return queryset.annotate(
        **{f"may_{action}": Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())}
    )


def holders(action: str, obj: Model) -> QuerySet[User]:
    """Return the people whose duty allows ``action`` on ``obj``."""
    return policy_of(type(obj)).holders(obj, action)


def duty_scope(user: AnyUser, duty: str) -> QuerySet[Organization]:
    """Return the organizations on which ``user`` holds ``duty``."""
    return Organization.objects.filter(under("", rights_of(user).duties.get(str(duty), ())))
