"""Two years of posts in the practice branch, and some elsewhere; with pictures, a voice message, and papers."""

import io
import json
import math
import random
import wave
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from portal.accounts.models import User
from portal.files.services import store
from portal.moderation.services import appeal, decide, flag
from portal.organizations.models import Affiliation

from ..models import Reach, SpaceDocument, SpacePost, SpaceReply, StreamEntry
from ..services import Written, keep_document, reply, write_post

# Of its own, so that the other rooms' data stay what they are.
SEED = 20260712
POSTS_AT_HOME = 48
DAYS = 730
COLOURS = [("#8fb8d0", "#5c7f57", "#e9d8b0"), ("#d9b48f", "#7a5a3a", "#f1e4d0"), ("#a9c7a1", "#476b4f", "#f3efe0")]


def make_posts(world: Any) -> None:
    """Let people post in the practice branch over two years, and lately in the others; what is there stays."""
    if SpacePost.objects.exists():
        return
    rng = random.Random(SEED)  # noqa: S311 - practice data
    data = json.loads(Path(__file__).with_name("posts.json").read_text(encoding="utf-8"))
    home = world.home_branch
    people = _people(world.branches)
    now = timezone.now()
    for turn in range(POSTS_AT_HOME):
        words = data["posts"][turn % len(data["posts"])]
        at = now - timedelta(days=2 + turn * (DAYS - 4) // POSTS_AT_HOME, hours=rng.randint(1, 9))
        many = (3, 1, 0)[min(turn, 2)]
        pictures = tuple(store(_picture(turn + number), kind="image", by=None) for number in range(many))
        made = write_post(home, Written(words, pictures), by=rng.choice(people[home.pk]), at=at)
        if turn % 4 == 0:
            _answer(made, rng.choice(data["replies"]), rng.choice(people[home.pk]), at + timedelta(hours=3))
    voice = store(SimpleUploadedFile("晨读.wav", _voice()), kind="voice", by=None)
    secretary = world.accounts["secretary"]
    spoken = Written(data["voice"]["text"], voice=voice, spoken=data["voice"]["spoken"])
    write_post(home, spoken, by=secretary, at=now - timedelta(days=1, hours=2))
    for number, branch in enumerate(world.branches[1:]):
        words = data["posts"][(number * 5 + 3) % len(data["posts"])]
        at = now - timedelta(days=1 + number * 3, hours=rng.randint(1, 9))
        if people.get(branch.pk):
            write_post(branch, Written(words, visibility=Reach.INTERNAL), by=rng.choice(people[branch.pk]), at=at)
    _post_above(world, data["above"], now)
    _report(home, data["reported"], people[home.pk], by=secretary, now=now)
    for age, row in enumerate(data["documents"]):
        file = store(SimpleUploadedFile(f"{row['title']}.txt", row["text"].encode()), kind="attachment", by=None)
        paper = keep_document(home, file, title=row["title"], category=row["category"], note=row["note"], by=secretary)
        _date(paper, now - timedelta(days=20 + age * 45))


def _post_above(world: Any, words: list[str], now: datetime) -> None:
    """Let the committees speak to everybody below them."""
    by = world.accounts.get("committee")
    for number, node in enumerate([world.root, *world.colleges] if by else []):
        at = now - timedelta(days=3 + 6 * number, hours=number)
        write_post(node, Written(words[number % len(words)]), by=by, at=at)


def _report(home: Any, words: dict[str, str], people: list[User], *, by: User, now: datetime) -> None:
    """Leave one report that waits in the branch, and one taken down whose author asks for another look."""
    first, second, reader = ([person for person in people if person != by] * 3)[:3]
    rude = write_post(home, Written(words["rude"]), by=first, at=now - timedelta(days=1, hours=5))
    flag(rude, reason="insult", words=words["why"], by=reader)
    sale = write_post(home, Written(words["sale"]), by=second, at=now - timedelta(days=6, hours=4))
    down = decide(flag(sale, reason="advertising", by=reader).flagged, take_down=True, words=words["reason"], by=by)
    appeal(down, words=words["appeal"], by=second)


def _people(branches: list[Any]) -> dict[int, list[User]]:
    rows = Affiliation.objects.filter(organization__in=branches, until=None, user__is_active=True)
    found: dict[int, list[User]] = {}
    for row in rows.select_related("user").order_by("organization_id", "user_id"):
        found.setdefault(row.organization_id, []).append(row.user)
    return found


def _answer(post: SpacePost, words: str, by: User, at: datetime) -> None:
    made = reply(post, text=words, by=by)
    SpaceReply.objects.filter(pk=made.pk).update(created_at=at)


def _date(document: SpaceDocument, at: datetime) -> None:
    """Move a paper back in time, and its entry with it."""
    SpaceDocument.objects.filter(pk=document.pk).update(kept_at=at)
    StreamEntry.objects.filter(key=f"spaces.document:{document.pk}").update(at=at)


def _picture(number: int) -> SimpleUploadedFile:
    """Draw hills under a sky; no photograph of anybody."""
    sky, hill, sun = COLOURS[number % len(COLOURS)]
    image = Image.new("RGB", (640, 480), sky)
    draw = ImageDraw.Draw(image)
    draw.ellipse((420 - 60 * (number % 4), 60, 500 - 60 * (number % 4), 140), fill=sun)
    for place in range(4):
        left = place * 190 - 120 + 37 * number % 90
        draw.polygon([(left, 480), (left + 170, 230 + 25 * (place % 3)), (left + 380, 480)], fill=hill)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return SimpleUploadedFile(f"照片{number + 1}.jpg", out.getvalue())


def _voice(seconds: int = 3, rate: int = 8000) -> bytes:
    """Return a short melody as a recording."""
    tones = (523, 587, 659, 784, 659, 523)
    out = io.BytesIO()
    with wave.open(out, "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(1)
        made.setframerate(rate)
        length = seconds * rate
        made.writeframes(
            bytes(128 + int(60 * math.sin(2 * math.pi * tones[place * len(tones) // length] * place / rate))
                  for place in range(length))
        )  # fmt: skip
    return out.getvalue()
