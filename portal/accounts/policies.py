"""Counts of wrong passwords are nobody's business; the policy of accounts themselves stands with the tree's."""

from portal.access.policy import Policy, policy_for

from .models import SignInLock


@policy_for(SignInLock)
class SignInLockPolicy(Policy):
    """Seen by nobody: the lock is lifted through the account."""
