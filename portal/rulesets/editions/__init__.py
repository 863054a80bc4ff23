"""Every edition the portal knows, one module each."""

from datetime import date

from .. import values
from ..values import Edition
from .care_2019 import CARE_2019
from .development_2014 import EDITION_2014
from .development_2026_05 import EDITION_2026_05
from .dues_2008 import DUES_2008
from .life_2019 import LIFE_2019
from .organization_2020 import ORGANIZATION_2020
from .relations_2019 import RELATIONS_2019

EDITIONS: dict[str, Edition] = {
    edition.code: edition
    for edition in (
        EDITION_2026_05,
        EDITION_2014,
        DUES_2008,
        ORGANIZATION_2020,
        RELATIONS_2019,
        CARE_2019,
        LIFE_2019,
    )
}


def edition_on(day: date, regulation: str = "recruitment") -> Edition:
    """Return the edition of ``regulation`` under which something begins on ``day``."""
    return values.edition_on((edition for edition in EDITIONS.values() if edition.regulation == regulation), day)
