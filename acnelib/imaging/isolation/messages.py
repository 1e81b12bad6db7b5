"""Messages between this process and a worker: a few values as JSON, and bytes.

Nothing that a worker sends is unpickled: a decoder that a picture has taken over must not get any further.
"""

from __future__ import annotations

import json
import socket
import struct
from typing import Any

_HEAD = struct.Struct(">II")
_MOST_VALUES = 65_536  # bytes
_ROOM = 400_000  # bytes: a picture of 299 pixels and more


class MessageInvalid(Exception):
    """What came is no message."""


def widen(connection: socket.socket) -> None:
    """Make room for a whole answer in a connection, so that its two sides need not take turns."""
    for option in (socket.SO_SNDBUF, socket.SO_RCVBUF):
        connection.setsockopt(socket.SOL_SOCKET, option, _ROOM)


def send(connection: socket.socket, values: dict[str, Any], body: bytes = b"") -> None:
    """Send a message.

    Raises:
        OSError: The other side is gone, or does not take it in time.
    """
    text = json.dumps(values).encode()
    connection.sendall(b"".join((_HEAD.pack(len(text), len(body)), text, body)))


def receive(connection: socket.socket, *, most: int) -> tuple[dict[str, Any], bytes] | None:
    """Return values and bytes of the next message; None where the other side has ended.

    Args:
        connection: The connection.
        most: Bytes that the message may have.

    Raises:
        MessageInvalid: It is damaged, or too large.
        OSError: Nothing comes in time.
    """
    head = _received(connection, _HEAD.size)
    if head is None:
        return None
    values_size, body_size = _HEAD.unpack(head)
    if values_size > _MOST_VALUES or body_size > most:
        raise MessageInvalid("a message of the decoder is too large")
    rest = _received(connection, values_size + body_size)
    if rest is None:
        return None
    text, body = rest[:values_size], bytes(memoryview(rest)[values_size:])
    try:
        values = json.loads(text)
    except ValueError as error:
        raise MessageInvalid("a message of the decoder is damaged") from error
    if not isinstance(values, dict):
        raise MessageInvalid("a message of the decoder has no values")
    return values, body


def _received(connection: socket.socket, size: int) -> bytearray | None:
    data = bytearray(size)
    view, place = memoryview(data), 0
    while place < size:
        number = connection.recv_into(view[place:])
        if number == 0:
            return None
        place += number
    return data
