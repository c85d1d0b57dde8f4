"""Cameras that really answer: an HTTP server of pictures and MJPEG, and an RTSP server of RTP/JPEG over TCP."""

from __future__ import annotations

import io
import itertools
import re
import socketserver
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from PIL import Image


def picture(colour: int = 0) -> bytes:
    """A JPEG of 160 x 120 pixels; another colour gives other bytes."""
    out = io.BytesIO()
    Image.new("RGB", (160, 120), (colour * 37 % 256, 80, 160)).save(out, "JPEG", quality=75, subsampling=2)
    return out.getvalue()


@contextmanager
def _serving(server: socketserver.BaseServer) -> Iterator[str]:
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}"  # type: ignore[index,str-bytes-safe]
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def http_camera(answers: dict[str, Callable[[BaseHTTPRequestHandler], None]] | None = None) -> Iterator[str]:
    """Host and port of a server with /live.jpg (every picture another), /frozen.jpg, /stream.mjpg, /page.html,
    /locked.jpg (401), /broken.jpg (500), /moved.jpg (302) and /slow.jpg (never ends)."""
    counter = itertools.count(1)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            pass

        def _send(self, body: bytes, kind: str = "image/jpeg", status: int = 200, **headers: str) -> None:
            self.send_response(status)
            for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            name = self.path.split("?")[0]
            if name == "/live.jpg":
                self._send(picture(next(counter)))
            elif name == "/frozen.jpg":
                self._send(picture(0))
            elif name == "/secret.jpg":
                allowed = self.headers.get("Authorization") == "Basic dXNlcjpwYXNz"
                self._send(picture(next(counter)) if allowed else b"", status=200 if allowed else 401)
            elif name == "/page.html":
                self._send(b"<html>not a camera</html>", "text/html")
            elif name == "/half.jpg":
                self._send(picture(1)[:200])
            elif name == "/locked.jpg":
                self._send(b"", status=401)
            elif name == "/broken.jpg":
                self._send(b"", status=500)
            elif name == "/moved.jpg":
                self._send(b"", status=302, Location="http://192.0.2.1/elsewhere.jpg")
            elif name == "/slow.jpg":
                time.sleep(3)
            elif name == "/stream.mjpg":
                self.send_response(200)
                self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
                self.end_headers()
                for _ in range(3):
                    self.wfile.write(b"--frame\r\nContent-Type: image/jpeg\r\n\r\n" + picture(next(counter)) + b"\r\n")
                self.close_connection = True
            else:
                self._send(b"", status=404)

    with _serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as place:
        yield place


def _scan_of(jpeg: bytes) -> tuple[bytes, bytes]:
    """Quantisation tables (64 bytes each) and entropy-coded data of a baseline JPEG with standard Huffman tables."""
    tables, place = b"", 2
    while jpeg[place + 1] != 0xDA:
        size = struct.unpack(">H", jpeg[place + 2 : place + 4])[0]
        if jpeg[place + 1] == 0xDB:
            body = jpeg[place + 4 : place + 2 + size]
            tables += b"".join(body[at + 1 : at + 65] for at in range(0, len(body), 65))
        place += 2 + size
    size = struct.unpack(">H", jpeg[place + 2 : place + 4])[0]
    return tables, jpeg[place + 2 + size : -2]


def _packets(jpeg: bytes, width: int, height: int, number: Iterator[int], stamp: int) -> Iterator[bytes]:
    """RTP packets of one picture by RFC 2435 (type 1: 4:2:0, Q 255: tables in the first packet)."""
    tables, scan = _scan_of(jpeg)
    for at in range(0, len(scan), 1200):
        piece, last = scan[at : at + 1200], at + 1200 >= len(scan)
        rtp = struct.pack(">BBHII", 0x80, 26 | (0x80 if last else 0), next(number) & 0xFFFF, stamp, 0x1234)
        main = struct.pack(">B3sBBBB", 0, at.to_bytes(3, "big"), 1, 255, width // 8, height // 8)
        quant = struct.pack(">BBH", 0, 0, len(tables)) + tables if at == 0 else b""
        yield rtp + main + quant + piece


@contextmanager
def rtsp_camera() -> Iterator[str]:
    """Host and port of an RTSP server with the stream /live; any other path is 404."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            while request := self._read():
                verb, path, sequence = request
                if "/live" not in path and verb not in ("OPTIONS", "TEARDOWN"):
                    self._answer(sequence, "404 Not Found")
                elif verb == "OPTIONS":
                    self._answer(sequence, "200 OK", "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n")
                elif verb == "DESCRIBE":
                    sdp = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=test\r\nt=0 0\r\n"
                    sdp += "m=video 0 RTP/AVP 26\r\na=control:track1\r\n"
                    head = f"Content-Type: application/sdp\r\nContent-Base: {path}/\r\nContent-Length: {len(sdp)}\r\n"
                    self._answer(sequence, "200 OK", head, sdp)
                elif verb == "SETUP":
                    self._answer(sequence, "200 OK", "Session: 1\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n")
                elif verb == "PLAY":
                    self._answer(sequence, "200 OK", "Session: 1\r\n")
                    self._play()
                    return
                else:
                    self._answer(sequence, "200 OK", "Session: 1\r\n")

        def _read(self) -> tuple[str, str, str] | None:
            lines = []
            while (line := self.rfile.readline()) not in (b"\r\n", b""):
                lines.append(line.decode())
            found = re.match(r"(\w+) (\S+) RTSP", lines[0]) if lines else None
            sequence = next((line.split(":")[1].strip() for line in lines if line.lower().startswith("cseq")), "0")
            return (found[1], found[2], sequence) if found else None

        def _answer(self, sequence: str, status: str, head: str = "", body: str = "") -> None:
            self.wfile.write(f"RTSP/1.0 {status}\r\nCSeq: {sequence}\r\n{head}\r\n{body}".encode())

        def _play(self) -> None:
            number, stamp = itertools.count(1), 0
            try:
                for shown in range(60):
                    for packet in _packets(picture(shown), 160, 120, number, stamp):
                        self.wfile.write(b"$\x00" + struct.pack(">H", len(packet)) + packet)
                    stamp += 9000
                    time.sleep(0.05)
            except OSError:
                return  # the client has seen enough

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

    with _serving(Server(("127.0.0.1", 0), Handler)) as place:
        yield place
