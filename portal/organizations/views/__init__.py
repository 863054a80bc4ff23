"""Pages of the tree."""

from .keeping import (
    AppointView,
    DismissView,
    OrganizationCloseView,
    OrganizationCreateView,
    OrganizationEditView,
    OrganizationMoveView,
)
from .merging import OrganizationMergeView, OrganizationSplitView
from .reading import organization_detail, organization_tree, person_suggest, post_history, term_list

__all__ = [
    "AppointView",
    "DismissView",
    "OrganizationCloseView",
    "OrganizationCreateView",
    "OrganizationEditView",
    "OrganizationMergeView",
    "OrganizationMoveView",
    "OrganizationSplitView",
    "organization_detail",
    "organization_tree",
    "person_suggest",
    "post_history",
    "term_list",
]
