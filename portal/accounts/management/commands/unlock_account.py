"""Lift the lock that wrong passwords put on an account."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.accounts.models import User
from portal.accounts.services import unlock


class Command(BaseCommand):
    help = "Lift the lock after wrong passwords from one account."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number")

    def handle(self, *args, number: str, **options) -> None:
        user = User.objects.filter(number=number).first()
        if user is None:
            raise CommandError(f"Nobody has the number {number}.")
        self.stdout.write("The lock was lifted." if unlock(user, by=None) else "The account was not locked.")
