"""Verbs on the tree: nodes, mergers and splits, people and their places, posts and the duties that follow."""

from .locking import lock_open
from .merging import Effects, merge_effects, merge_organizations, split_effects, split_organization
from .nodes import close_organization, create_organization, move_organization, update_organization
from .people import affiliate, depart, move_people
from .posts import appoint, dismiss, end_posts, sync_rights

__all__ = [
    "Effects",
    "affiliate",
    "appoint",
    "close_organization",
    "create_organization",
    "depart",
    "dismiss",
    "end_posts",
    "lock_open",
    "merge_effects",
    "merge_organizations",
    "move_organization",
    "move_people",
    "split_effects",
    "split_organization",
    "sync_rights",
    "update_organization",
]
