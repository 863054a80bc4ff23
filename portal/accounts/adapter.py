"""How allauth behaves here: nobody signs up, links carry the site's own address."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request) -> bool:
        """Accounts come from rosters, never from strangers."""
        return False
