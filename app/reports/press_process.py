"""A process that lays documents out: `python -m app.reports.press_process`.

It reads documents from its standard input and writes a PDF for each to its standard output, until
the input ends; so it ends with whoever started it. A frame is a kind and a length, then so many
bytes.
"""

import gc
import resource
import struct
import sys
from enum import IntEnum
from typing import IO

from app.reports.pdf import Press, RefusedAddressError

HEAD = struct.Struct(">BI")


class Kind(IntEnum):
    """What a frame holds."""

    DOCUMENT = 1
    PDF = 2
    REFUSED_ADDRESS = 3
    FAULT = 4


def read_frame(stream: IO[bytes]) -> tuple[Kind, bytes]:
    """The next frame. EOFError when there is none, or half of one."""
    head = stream.read(HEAD.size)
    if len(head) < HEAD.size:
        raise EOFError
    kind, length = HEAD.unpack(head)
    content = stream.read(length)
    if len(content) < length:
        raise EOFError
    return Kind(kind), content


def write_frame(stream: IO[bytes], kind: Kind, content: bytes) -> None:
    """Write a frame, at once."""
    stream.write(HEAD.pack(kind, len(content)) + content)
    stream.flush()


def main() -> None:
    """Lay out what comes in. ``argv[1]`` is how much memory in bytes it may take."""
    most = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    press, requests, answers = Press(), sys.stdin.buffer, sys.stdout.buffer
    # What is loaded by now stays for good: no need to look through it at every collection.
    gc.freeze()
    while True:
        try:
            _kind, html = read_frame(requests)
        except EOFError:
            return
        write_frame(answers, *_answer(press, html.decode()))


def _answer(press: Press, html: str) -> tuple[Kind, bytes]:
    try:
        return Kind.PDF, press.pdf(html)
    except RefusedAddressError as refused:
        return Kind.REFUSED_ADDRESS, str(refused).encode()
    except Exception as fault:  # whatever it is, whoever asked is told, and decides
        return Kind.FAULT, repr(fault).encode()


if __name__ == "__main__":
    main()
