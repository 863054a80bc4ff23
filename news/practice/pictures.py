"""Cover pictures for practice news: quiet landscapes drawn by chance, so that none needs a licence."""

import io
import random

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw, ImageFilter

SIZE = (1280, 720)
SKIES = [((166, 19, 27), (255, 214, 150)), ((60, 84, 120), (250, 226, 190)), ((120, 30, 40), (250, 190, 120))]


def landscape(rng: random.Random, name: str) -> ContentFile:
    """Return a JPEG of hills under a sky, different for each call."""
    upper, lower = rng.choice(SKIES)
    width, height = SIZE
    sky = Image.new("RGB", (1, height))
    for y in range(height):
        share = y / height
        sky.putpixel((0, y), tuple(round(a + (b - a) * share) for a, b in zip(upper, lower, strict=True)))
    picture = sky.resize(SIZE)
    draw = ImageDraw.Draw(picture)
    x, y, r = rng.randint(200, 1080), rng.randint(140, 320), rng.randint(50, 90)
    draw.ellipse((x - r, y - r, x + r, y + r), fill=(255, 236, 190))
    for depth in range(4):
        level, shade = height * (0.5 + depth * 0.12), 0.75 - depth * 0.17
        colour = tuple(round(channel * shade) for channel in upper)
        points, place = [(0, height)], 0
        while place <= width + 80:
            points.append((place, level + rng.randint(-50, 40)))
            place += rng.randint(60, 150)
        draw.polygon([*points, (width, height)], fill=colour)
    target = io.BytesIO()
    picture.filter(ImageFilter.GaussianBlur(1.2)).save(target, "JPEG", quality=82)
    return ContentFile(target.getvalue(), name=name)
