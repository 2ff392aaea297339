"""One browser session without a browser: run a page of a running dashboard and read what it sends.

The server speaks protocol buffers over a websocket. The few fields needed are written and read here by their
numbers, which are fixed for the protocol's life, so that neither the server's packages nor its start time are
needed to talk to it.
"""

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from analytics.errors import DashboardError

RERUN_SCRIPT = 11  # BackMsg
QUERY_STRING, PAGE_NAME = 1, 4  # ClientState
DELTA, SCRIPT_FINISHED, PAGE_NOT_FOUND = 5, 6, 15  # ForwardMsg
FINISHED_WITH_COMPILE_ERROR, FINISHED_EARLY_FOR_RERUN = 1, 2
NEW_ELEMENT = 3  # Delta
EXCEPTION = 8  # Element
LENGTH_DELIMITED = 2


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of a page sent to the browser; `failed` when the page itself broke off with an error nobody caught."""

    messages: tuple[bytes, ...]
    failed: bool
    page_found: bool

    @property
    def size(self) -> int:
        """Bytes of all messages."""
        return sum(map(len, self.messages))


@dataclass(frozen=True, slots=True)
class Session:
    """An open websocket session; `open_session` makes one."""

    address: str
    socket: ClientConnection
    timeout: float

    def run(self, page: str = "", query: str = "") -> Run:
        """Run a page by its URL path ('' is the front page) with a query string; raises `DashboardError` when it never ends."""
        try:
            self.socket.send(rerun_message(page, query))
            return collect(self._messages())
        except (TimeoutError, WebSocketException, OSError) as problem:
            raise DashboardError(f"The dashboard at {self.address} did not finish its page.", "Look at its messages above.") from problem

    def _messages(self) -> Iterator[bytes]:
        while True:
            message = self.socket.recv(timeout=self.timeout)
            if isinstance(message, bytes):
                yield message


@contextmanager
def open_session(address: str, timeout: float = 60) -> Generator[Session]:
    """A session of the dashboard at `address` ('http://127.0.0.1:8501'); `timeout` in seconds for each message."""
    url = f"{address.replace('http', 'ws', 1)}/_stcore/stream"
    with connect(url, proxy=None, compression=None, max_size=None) as socket:
        yield Session(address, socket, timeout)


def rerun_message(page: str, query: str) -> bytes:
    """What a browser sends to run a page: its URL path and the query string of the link."""
    return _field(RERUN_SCRIPT, _text_field(QUERY_STRING, query) + _text_field(PAGE_NAME, page))


def collect(messages: Iterator[bytes]) -> Run:
    """Everything up to the end of the run; a run cut short by a rerun of itself goes on."""
    received: list[bytes] = []
    failed, page_found = False, True
    for message in messages:
        received.append(message)
        fields = dict(_fields(message))
        failed = failed or _is_exception(fields)
        page_found = page_found and PAGE_NOT_FOUND not in fields
        end = fields.get(SCRIPT_FINISHED)
        if end is not None and end != FINISHED_EARLY_FOR_RERUN:
            return Run(tuple(received), failed or end == FINISHED_WITH_COMPILE_ERROR, page_found)
    raise TimeoutError


def _is_exception(fields: Mapping[int, int | bytes]) -> bool:
    """Whether a message draws Streamlit's own error box."""
    for step in (DELTA, NEW_ELEMENT):
        inner = fields.get(step)
        if not isinstance(inner, bytes):
            return False
        fields = dict(_fields(inner))
    return EXCEPTION in fields


def _varint(number: int) -> bytes:
    """`number` in groups of seven bits, lowest first."""
    low, rest = number & 0x7F, number >> 7
    return bytes([low | 0x80]) + _varint(rest) if rest else bytes([low])


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | LENGTH_DELIMITED) + _varint(len(content)) + content


def _text_field(number: int, text: str) -> bytes:
    return _field(number, text.encode()) if text else b""


def _read_varint(message: bytes, at: int) -> tuple[int, int]:
    """The number that starts at `at`, and where the next thing starts."""
    number = shift = 0
    while True:
        byte = message[at]
        number |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return number, at


def _fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """(field number, value) of a message's own fields; text and nested messages as bytes."""
    at = 0
    while at < len(message):
        tag, at = _read_varint(message, at)
        number, at = _read_varint(message, at)
        if tag & 7 == LENGTH_DELIMITED:
            yield tag >> 3, message[at : at + number]
            at += number
        else:
            yield tag >> 3, number
