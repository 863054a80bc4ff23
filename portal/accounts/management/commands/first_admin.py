"""Let the first person in: an account with a random password, and the posts to appoint everybody else."""

import os
import secrets

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from portal.accounts.models import User
from portal.accounts.services import create_account
from portal.organizations.duties import Post
from portal.organizations.models import Organization, OrganizationType
from portal.organizations.services import appoint, create_organization


class Command(BaseCommand):
    help = (
        "Create the first administrator and, on an empty database, the root of the tree. The password is taken from"
        " PORTAL_ADMIN_PASSWORD, or made up and printed once. Running it again for the same number renews the posts."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--number", help="student or staff number to sign in with")
        parser.add_argument("--name", help="name of the person")
        parser.add_argument("--email", default="", help="address for a forgotten password")
        parser.add_argument("--organization", help="full name of the root organization, when there is none yet")

    def handle(self, *args, **options) -> None:
        number = options["number"] or self._ask("Number to sign in with")
        user = User.objects.filter(number=number).first()
        name = user.name if user else options["name"] or self._ask("Name")
        root = Organization.objects.filter(depth=1).order_by("path").first()
        title = "" if root else options["organization"] or self._ask("Full name of the university's party committee")
        try:
            password = self._set_up(number, name, options["email"], title, root, user)
        except ValidationError as fault:
            raise CommandError("; ".join(fault.messages)) from fault
        self.stdout.write(f"{number} may sign in and holds the posts of system and security administrator.")
        if password:
            self.stdout.write(f"Password, shown only now: {password}")

    @transaction.atomic
    def _set_up(
        self, number: str, name: str, email: str, title: str, root: Organization | None, user: User | None
    ) -> str:
        shown, today = "", timezone.localdate()
        if user is None:
            user = create_account(number=number, name=name, email=email or None, by=None)
            given = os.environ.get("PORTAL_ADMIN_PASSWORD", "")
            if given:
                validate_password(given, user)
            else:
                shown = secrets.token_urlsafe(15)
            user.set_password(given or shown)
            user.password_changed_at = timezone.now()
            user.save(update_fields=["password", "password_changed_at"])
        root = root or create_organization(
            parent=None, by=None, name=title, code="root", org_type=OrganizationType.UNIVERSITY_COMMITTEE
        )
        for post in (Post.SYSTEM_ADMINISTRATOR, Post.SECURITY_ADMINISTRATOR):
            appoint(user, root, post, on=today, by=None)
        return shown

    def _ask(self, question: str) -> str:
        try:
            answer = input(f"{question}: ").strip()
        except EOFError as fault:
            raise CommandError(f"{question}: give it as an option (see --help).") from fault
        if not answer:
            raise CommandError(f"{question}: nothing was given.")
        return answer
