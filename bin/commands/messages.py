"""Collect every marked message into both catalogs; English says what the code says. For maintainers: needs gettext."""

import shutil
import subprocess
import sys

import polib

from commands.machine import ROOT, NotReady

LANGUAGES = ("zh_Hans", "en")
LEFT_OUT = (".venv", "var", "tests", "node_modules", "bin")


def collect() -> None:
    """Run Django's own collector over templates and code."""
    if not shutil.which("xgettext"):
        raise NotReady("Collecting messages needs gettext: apt install gettext.")
    for language in LANGUAGES:
        (ROOT / "locale" / language / "LC_MESSAGES").mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "manage.py", "makemessages", "--no-obsolete", "--no-wrap", "--add-location", "file"]
    for language in LANGUAGES:
        command += ["--locale", language]
    for pattern in LEFT_OUT:
        command += ["--ignore", pattern]
    subprocess.run(command, cwd=ROOT, check=True)


def fill_english() -> None:
    """Let the English catalog repeat the messages, and drop guesses that gettext made for new ones."""
    for language in LANGUAGES:
        path = ROOT / "locale" / language / "LC_MESSAGES" / "django.po"
        catalog = polib.pofile(str(path), wrapwidth=0)
        catalog.metadata.pop("POT-Creation-Date", None)
        for entry in catalog:
            if entry.fuzzy:
                entry.flags.remove("fuzzy")
                entry.msgstr, entry.msgstr_plural = "", dict.fromkeys(entry.msgstr_plural, "")
            if language == "en":
                entry.msgstr = "" if entry.msgid_plural else entry.msgid
                entry.msgstr_plural = {0: entry.msgid, 1: entry.msgid_plural} if entry.msgid_plural else {}
            # What gettext guessed from is not kept either.
            entry.previous_msgid = entry.previous_msgctxt = entry.previous_msgid_plural = None
        catalog.save(str(path))
        missing = len(catalog.untranslated_entries())
        print(f"{language}: {len(catalog)} messages, {missing} without a translation")


def main() -> None:
    collect()
    fill_english()


if __name__ == "__main__":
    try:
        main()
    except NotReady as reason:
        sys.exit(str(reason))
