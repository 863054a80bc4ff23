"""Whether a person can show a second factor."""

from allauth.mfa.models import Authenticator

from .models import User


def has_second_factor(user: User) -> bool:
    """Say whether ``user`` has an app or a key; recovery codes alone are no factor, only a way back to one."""
    return Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES).exists()
