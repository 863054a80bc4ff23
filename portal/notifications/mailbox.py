"""Mail into a folder: one file a message, named by its Message-ID, so that a second copy replaces the first."""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class FolderMailBackend(BaseEmailBackend):
    """Write each message as an ``.eml`` file that any mail program opens; for practice, and where no gateway is."""

    def __init__(self, *args: Any, file_path: str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.folder = Path(file_path or settings.EMAIL_FILE_PATH)

    def open(self) -> bool:
        self.folder.mkdir(parents=True, exist_ok=True)
        return True

    def close(self) -> None:
        return None

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        self.open()
        for message in email_messages:
            mail = message.message()
            name = re.sub(r"[^0-9A-Za-z.@_-]", "_", str(mail["Message-ID"]).strip("<>"))[:150]
            with NamedTemporaryFile(dir=self.folder, prefix=".", delete=False) as file:
                file.write(mail.as_bytes(linesep="\r\n"))
            os.replace(file.name, self.folder / f"{name}.eml")
        return len(email_messages)
