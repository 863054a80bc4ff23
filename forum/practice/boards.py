"""Boards and conversations of the practice university."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from forum.models import Board, Post, Thread
from forum.services import mark_board_read, reply, save_board, start_thread, tell_stream
from portal.accounts.models import User
from portal.audiences.models import Visibility
from portal.audiences.services import Circle, save_audience
from portal.home.practice.world import PracticeWorld, texts


def make_boards(world: PracticeWorld) -> None:
    """Open the boards of the university and of each branch, and let people talk on them; what is there stays."""
    data = texts(__file__, "threads.json")
    moderator = world.accounts["moderator"]
    for order, row in enumerate(data["boards"], start=1):
        if not Board.objects.filter(slug=row["slug"]).exists():
            save_board(Board(organization=world.root, order=order * 10, **row), by=moderator)
    for number, branch in enumerate(world.branches, start=1):
        slug = f"branch-{number}"
        if Board.objects.filter(slug=slug).exists():
            continue
        board = Board(
            organization=branch,
            slug=slug,
            name=data["branch_board"]["name"].format(branch=branch),
            description=data["branch_board"]["description"],
            order=500 + number,
            visibility=Visibility.AUDIENCE,
            audience=save_audience(Circle(organizations=[branch])),
        )
        save_board(board, by=moderator)
    if not Thread.objects.exists():
        _talk(world, data)


def _talk(world: PracticeWorld, data: dict[str, Any]) -> None:
    rng = world.rng
    everyone = list(User.objects.filter(affiliations__until=None, affiliations__isnull=False).order_by("pk"))
    shared = list(Board.objects.filter(organization=world.root).order_by("order"))
    home = Board.objects.get(organization=world.home_branch)
    at_home_too = _people_of(world)
    neighbours = [user for user in everyone if user.pk in at_home_too]
    ages = list(range(1, 121, 4))
    rng.shuffle(ages)
    for turn, row in enumerate(data["threads"] * 3):
        at_home = turn >= 2 * len(data["threads"])
        board, people = (home, neighbours) if at_home else (shared[turn % len(shared)], everyone)
        writers = rng.sample(people, len(row["posts"]))
        thread = start_thread(board, title=row["title"], body=row["posts"][0], by=writers[0])
        for body, writer in zip(row["posts"][1:], writers[1:], strict=True):
            reply(thread, body=body, by=writer)
        _age(thread, days=ages[turn % len(ages)])
    for board in [*shared, home]:
        newest = Thread.objects.filter(board=board).order_by("-last_post_at").first()
        Board.objects.filter(pk=board.pk).update(last_post_at=newest.last_post_at if newest else None)
        mark_board_read(board, by=world.accounts["member"])


def _age(thread: Thread, *, days: int) -> None:
    """Move a conversation back in time, its posts an hour apart."""
    began = timezone.now() - timedelta(days=days)
    posts = list(Post.objects.filter(thread=thread).order_by("number"))
    for post in posts:
        post.created_at = began + timedelta(hours=post.number - 1)
    Post.objects.bulk_update(posts, ["created_at"])
    Thread.objects.filter(pk=thread.pk).update(created_at=began, last_post_at=posts[-1].created_at)
    thread.created_at = began
    tell_stream(thread)


def _people_of(world: PracticeWorld) -> set[int]:
    here = User.objects.filter(affiliations__organization=world.home_branch, affiliations__until=None)
    return set(here.values_list("pk", flat=True))
