"""The session bus, spoken by hand over its socket on this machine: just enough of D-Bus for an input method.

Qt's own binding can't write unsigned numbers or lists of pairs from Python, and fcitx takes nothing else.
"""

from __future__ import annotations

import os
import select
import socket
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_to_bytes

BUS = "org.freedesktop.DBus"
_NUMBERS = {"y": "B", "b": "I", "n": "h", "q": "H", "i": "i", "u": "I", "x": "q", "t": "Q", "d": "d"}
_ALIGN = {"g": 1, "v": 1, "(": 8, "{": 8}
_CALL, _RETURN, _ERROR, _SIGNAL = 1, 2, 3, 4
_PATH, _INTERFACE, _MEMBER, _REPLY_TO, _TO, _SIGNATURE = 1, 2, 3, 5, 6, 8
_NO_REPLY = 1


class BusError(Exception):
    """The bus or who was asked doesn't answer, or answers with an error."""


@dataclass(frozen=True)
class Message:
    """What came from the bus; ``fields`` by D-Bus' own numbers."""

    kind: int
    fields: Mapping[int, Any]
    body: list[Any]

    @property
    def member(self) -> str:
        """The name of a signal."""
        return str(self.fields.get(_MEMBER, ""))

    @property
    def path(self) -> str:
        """The object that a signal is of."""
        return str(self.fields.get(_PATH, ""))


def types(signature: str) -> Iterator[str]:
    """The complete types in a signature, one after the other."""
    at = 0
    while at < len(signature):
        end, depth = at, 0
        while True:
            depth += {"(": 1, "{": 1, ")": -1, "}": -1}.get(signature[end], 0)
            end += 1
            if not depth and signature[end - 1] != "a":
                break
        yield signature[at:end]
        at = end


def _align(kind: str) -> int:
    return struct.calcsize(_NUMBERS[kind[0]]) if kind[0] in _NUMBERS else _ALIGN.get(kind[0], 4)


def write(out: bytearray, kind: str, value: Any) -> None:
    """Put one value of a complete type at the end."""
    out.extend(bytes(-len(out) % _align(kind)))
    first = kind[0]
    if first in _NUMBERS:
        out.extend(struct.pack("<" + _NUMBERS[first], value))
    elif first in "sog":
        words = str(value).encode()
        out.extend(struct.pack("<B" if first == "g" else "<I", len(words)) + words + b"\0")
    elif first == "v":
        write(out, "g", value[0])
        write(out, value[0], value[1])
    elif first == "a":
        at = len(out)
        out.extend(bytes(4))
        out.extend(bytes(-len(out) % _align(kind[1:])))
        start = len(out)
        for one in value:
            write(out, kind[1:], one)
        struct.pack_into("<I", out, at, len(out) - start)
    else:
        for inner, one in zip(types(kind[1:-1]), value, strict=True):
            write(out, inner, one)


class Reader:
    """Reads values from a message, from its beginning."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data, self.at = data, at

    def read(self, kind: str) -> Any:
        """The next value, of a complete type."""
        self.at += -self.at % _align(kind)
        first = kind[0]
        if first in _NUMBERS:
            return self._number(_NUMBERS[first])
        if first in "sog":
            size = int(self._number("B" if first == "g" else "I"))
            self.at += size + 1
            return self.data[self.at - size - 1 : self.at - 1].decode()
        if first == "v":
            return self.read(self.read("g"))
        if first == "a":
            size = int(self._number("I"))
            self.at += -self.at % _align(kind[1:])
            end, values = self.at + size, []
            while self.at < end:
                values.append(self.read(kind[1:]))
            return values
        return tuple(self.read(inner) for inner in types(kind[1:-1]))

    def _number(self, code: str) -> int | float:
        value: int | float = struct.unpack_from("<" + code, self.data, self.at)[0]
        self.at += struct.calcsize(code)
        return value


def socket_of(environment: Mapping[str, str]) -> bytes:
    """Where the session bus listens on this machine: a path, or a name that begins with a nul. Raises BusError."""
    address = environment.get("DBUS_SESSION_BUS_ADDRESS") or f"unix:path={environment.get('XDG_RUNTIME_DIR', '')}/bus"
    for one in address.split(";"):
        way, _, rest = one.partition(":")
        parts = dict(part.partition("=")[::2] for part in rest.split(","))
        if way == "unix" and "path" in parts:
            return unquote_to_bytes(parts["path"])
        if way == "unix" and "abstract" in parts:
            return b"\0" + unquote_to_bytes(parts["abstract"])
    raise BusError(address)


class SessionBus:
    """A connection to the session bus. Whatever fails raises BusError."""

    def __init__(self, environment: Mapping[str, str], seconds: float) -> None:
        self._patience, self._serial, self._data = seconds, 0, b""
        self._signals: list[Message] = []
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(seconds)
        try:
            self._socket.connect(socket_of(environment))
            self._socket.sendall(b"\0AUTH EXTERNAL " + str(os.getuid()).encode().hex().encode() + b"\r\n")
            if not self._socket.recv(4096).startswith(b"OK"):
                raise BusError("not let in")
            self._socket.sendall(b"BEGIN\r\n")
            self.ask(BUS, "/org/freedesktop/DBus", BUS, "Hello")
        except (OSError, BusError) as error:
            self._socket.close()
            raise BusError(str(error)) from error

    def close(self) -> None:
        """Leave the bus."""
        self._socket.close()

    def fileno(self) -> int:
        """To wait on for what comes."""
        return self._socket.fileno()

    def ask(self, to: str, path: str, interface: str, member: str, signature: str = "", *body: Any) -> list[Any]:
        """Ask and wait for the answer."""
        serial = self._send((to, path, interface, member), signature, body, 0)
        while True:
            message = self._next(self._patience)
            if message is None:
                raise BusError(f"no answer to {member}")
            if message.fields.get(_REPLY_TO) == serial:
                if message.kind == _ERROR:
                    raise BusError(str(message.body))
                return message.body

    def tell(self, to: str, path: str, interface: str, member: str, signature: str = "", *body: Any) -> None:
        """Ask for something whose answer doesn't matter."""
        self._send((to, path, interface, member), signature, body, _NO_REPLY)

    def signals(self) -> list[Message]:
        """The signals that came since the last time."""
        while self._next(0) is not None:
            pass
        came, self._signals = self._signals, []
        return came

    def _send(self, whom: tuple[str, str, str, str], signature: str, body: tuple[Any, ...], flags: int) -> int:
        self._serial += 1
        to, path, interface, member = whom
        inside = bytearray()
        for kind, value in zip(types(signature), body, strict=True):
            write(inside, kind, value)
        fields = [
            (_PATH, ("o", path)), (_INTERFACE, ("s", interface)), (_MEMBER, ("s", member)), (_TO, ("s", to)),
        ]  # fmt: skip
        if signature:
            fields.append((_SIGNATURE, ("g", signature)))
        out = bytearray(struct.pack("<cBBBII", b"l", _CALL, flags, 1, len(inside), self._serial))
        write(out, "a(yv)", fields)
        out.extend(bytes(-len(out) % 8))
        try:
            self._socket.sendall(out + inside)
        except OSError as error:
            raise BusError(str(error)) from error
        return self._serial

    def _next(self, seconds: float) -> Message | None:
        """The next message; signals are kept too. None when none comes in time."""
        while (message := self._take()) is None:
            if not select.select([self._socket], [], [], seconds)[0]:
                return None
            try:
                came = self._socket.recv(65536)
            except OSError as error:
                raise BusError(str(error)) from error
            if not came:
                raise BusError("the bus is gone")
            self._data += came
        if message.kind == _SIGNAL:
            self._signals.append(message)
        return message

    def _take(self) -> Message | None:
        if len(self._data) < 16:
            return None
        order, kind, _flags, _version, size, _serial, fields_size = struct.unpack_from("<cBBBIII", self._data)
        if order != b"l":
            raise BusError("an order of bytes that is not this machine's")
        start = 16 + fields_size + -fields_size % 8
        if len(self._data) < start + size:
            return None
        whole, self._data = self._data[: start + size], self._data[start + size :]
        fields = dict(Reader(whole, 12).read("a(yv)"))
        reader = Reader(whole, start)
        return Message(kind, fields, [reader.read(one) for one in types(fields.get(_SIGNATURE, ""))])
