"""How sensitive values look to those who have not revealed them (domain.md 8.5)."""

import re

_HIDDEN = "****"
_PLACE = re.compile(r"^((?:[^省区县]{1,8}(?:省|自治区|特别行政区))?(?:[^市州盟区县]{1,8}(?:市|自治州|地区|盟))?)")


def mask_id_no(value: str) -> str:
    """Keep six digits at the front and four at the end: ``110105********002X``."""
    if len(value) < 11:
        return _HIDDEN if value else ""
    return f"{value[:6]}{'*' * (len(value) - 10)}{value[-4:]}"


def mask_id_tail(value: str) -> str:
    """Keep the last four characters, as on list pages."""
    return f"{_HIDDEN}{value[-4:]}" if len(value) > 8 else (_HIDDEN if value else "")


def mask_mobile(value: str) -> str:
    """Keep three digits at the front and four at the end: ``138****5678``."""
    if len(value) < 8:
        return _HIDDEN if value else ""
    return f"{value[:3]}{_HIDDEN}{value[-4:]}"


def mask_email(value: str) -> str:
    """Keep the first letter and the host: ``a***@example.org``."""
    name, at, host = value.partition("@")
    return f"{name[:1]}***@{host}" if at else (_HIDDEN if value else "")


def mask_address(value: str) -> str:
    """Keep province and city; an address that names neither is hidden whole."""
    if not value:
        return ""
    found = _PLACE.match(value.strip())
    return f"{found.group(1) if found else ''}{_HIDDEN}"
