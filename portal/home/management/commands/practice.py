"""Fill an installation with a university to practise with; running it again adds what is missing and nothing else."""

import logging
import os
import time
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from portal.extensions.registry import demo_sources, search_sources
from portal.home.practice.world import ACCOUNTS, PracticeWorld, make_tree
from portal.notifications.services import skip_waiting_mail
from portal.search.services import reindex


class Command(BaseCommand):
    help = "Fill this installation with practice data: one university, people in all standings, two years of records."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.PRACTICE:
            raise CommandError(
                "Practice data have shared accounts: set PORTAL_PRACTICE=true for this installation first."
            )
        password = os.environ.get("PORTAL_PRACTICE_PASSWORD", "")
        if len(password) < 10:
            raise CommandError("Set PORTAL_PRACTICE_PASSWORD to the password that the practice accounts share.")
        # What happened in practice years ago is told to nobody by mail, and no worker needs to be woken for it.
        current_app.conf.broker_url = "memory://localhost/"
        logging.getLogger("portal.notifications.wake").setLevel(logging.ERROR)
        world = PracticeWorld(password=password)
        began = time.monotonic()
        with transaction.atomic():
            make_tree(world)
        for source in demo_sources:
            with transaction.atomic():
                source.make(world)
        skip_waiting_mail()
        for search_source in search_sources:
            reindex(search_source)
        self.stdout.write(f"{len(ACCOUNTS)} practice accounts, ready in {time.monotonic() - began:.0f} s")
