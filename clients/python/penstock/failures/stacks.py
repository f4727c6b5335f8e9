"""The stack of an exception as text, with the frames of the user's code only."""

from __future__ import annotations

import traceback
from types import TracebackType

from penstock.ground.texts import cut
from penstock.process.user_frames import only_user_frames, without_imports

# Of a stack that is deeper, the frames in the middle are left out.
FIRST_FRAMES, LAST_FRAMES = 30, 170
LONGEST_FRAME = 2000


def stack_of(error: BaseException, longest: int) -> str:
    """Return the frames as Python shows them, the one that raised last, in so many bytes."""
    trace = vars(BaseException)["__traceback__"].__get__(error)
    trace = without_imports(only_user_frames(trace))
    try:
        frames = _formatted(trace)
    except Exception:  # noqa: BLE001 - the loader of the user's module finds the source
        frames = _briefly(trace)
    return _fitting([cut(frame, LONGEST_FRAME) for frame in frames], longest)


def _formatted(trace: TracebackType | None) -> list[str]:
    depth = sum(1 for _ in traceback.walk_tb(trace))
    left_out = depth - FIRST_FRAMES - LAST_FRAMES
    if left_out <= 0:
        return traceback.extract_tb(trace).format()
    return [
        *traceback.extract_tb(trace, limit=FIRST_FRAMES).format(),
        _left_out(left_out),
        *traceback.extract_tb(trace, limit=-LAST_FRAMES).format(),
    ]


def _briefly(trace: TracebackType | None) -> list[str]:
    lines = [
        f'  File "{frame.f_code.co_filename}", line {line}, in {frame.f_code.co_name}\n'
        for frame, line in traceback.walk_tb(trace)
    ]
    return lines[-LAST_FRAMES:]


def _fitting(frames: list[str], longest: int) -> str:
    """Return the frames, without the first ones if all together are too long."""
    kept: list[str] = []
    left = longest - len(_left_out(len(frames)).encode())
    for frame in reversed(frames):
        left -= len(frame.encode())
        if left < 0:
            kept.append(_left_out(len(frames) - len(kept)))
            break
        kept.append(frame)
    return "".join(reversed(kept))


def _left_out(count: int) -> str:
    return f"  … {count} more left out\n"
