"""Messages between this process and a worker: a few values as JSON, and bytes.

Nothing that a worker sends is unpickled: a decoder that a picture has taken over must not get any further.
"""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import socket

_HEAD = struct.Struct(">II")
_MOST_VALUES = 65_536  # bytes


class MessageInvalid(Exception):
    """What came is no message."""


def send(connection: socket.socket, values: dict[str, Any], body: bytes = b"") -> None:
    """Send a message.

    Raises:
        OSError: The other side is gone, or does not take it in time.
    """
    head = json.dumps(values).encode()
    connection.sendall(_HEAD.pack(len(head), len(body)) + head)
    if body:
        connection.sendall(body)


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
    text, body = _received(connection, values_size), _received(connection, body_size)
    if text is None or body is None:
        return None
    try:
        values = json.loads(text)
    except ValueError as error:
        raise MessageInvalid("a message of the decoder is damaged") from error
    if not isinstance(values, dict):
        raise MessageInvalid("a message of the decoder has no values")
    return values, bytes(body)


def _received(connection: socket.socket, size: int) -> bytearray | None:
    data = bytearray(size)
    view, place = memoryview(data), 0
    while place < size:
        number = connection.recv_into(view[place:])
        if number == 0:
            return None
        place += number
    return data
