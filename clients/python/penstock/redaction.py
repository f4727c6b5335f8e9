"""Hides passwords in whatever is printed or logged: the last wall before an eye."""

import re

HIDDEN = "…"
# Up to the last @ of the word: who forgets to encode a password writes anything into it.
_USER_INFO = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*://)[^\s\"'<>]*@")
_PARAMETER = re.compile(r"((?:password|passwd|pwd)=)[^\s&\"'<>]+", re.IGNORECASE)


def redacted(text: str) -> str:
    """Return the text without what its URLs say of users and passwords."""
    if "://" in text:
        text = _USER_INFO.sub(rf"\1{HIDDEN}@", text)
    return _PARAMETER.sub(rf"\1{HIDDEN}", text)
