"""Who may read a file: whoever may view its owner; its uploader while it has none."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q

from portal.access.policy import NOTHING, Policy, policy_for, scope
from portal.access.rights import AnyUser

from .models import StoredFile
from .services import owner_models


@policy_for(StoredFile)
class StoredFilePolicy(Policy):
    """Asks the owner's policy inside the same query, so that a page of files costs no more than one."""

    node = None
    more_actions = ("view",)

    def own(self, user: AnyUser, action: str) -> Q:
        if action != "view":
            return NOTHING
        found = Q(uploaded_by_id=user.pk, object_id=None) if user.is_authenticated else NOTHING
        for model in owner_models():
            readable = scope(user, "view", model).filter(pk=OuterRef("object_id"))
            found |= Q(content_type=ContentType.objects.get_for_model(model)) & Q(Exists(readable))
        return found
