"""Verbs on the tree: nodes, mergers and splits, people and their places, posts and the duties that follow."""

from .merging import Effects, merge_effects, merge_organizations, split_effects, split_organization
from .nodes import close_organization, create_organization, move_organization, update_organization
from .people import affiliate, move_people
from .posts import appoint, dismiss, end_posts, sync_rights

__all__ = [
    "Effects",
    "affiliate",
    "appoint",
    "close_organization",
    "create_organization",
    "dismiss",
    "end_posts",
    "merge_effects",
    "merge_organizations",
    "move_organization",
    "move_people",
    "split_effects",
    "split_organization",
    "sync_rights",
    "update_organization",
]
