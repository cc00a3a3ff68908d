"""A TCP relay that counts, between a client and a server.

    with Relay(httpd.port) as relay:
        ...                    # a client asks 127.0.0.1:relay.port
    relay.received             # bytes that clients have sent, TLS and all

What comes is passed on as it is, ends and resets of connections too. To the client it
looks like a server on an Ethernet: with the segments of the loopback interface, a client's
kernel would take megabytes before anybody reads them. `rate` is a line of so many bytes a
second towards the server.
"""

import contextlib
import socket
import struct
import threading
import time

BLOCK = 65536
SEGMENT = 1448
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: close() sends a reset


class Relay:
    def __init__(self, port, rate=None):
        self.server = ("127.0.0.1", port)
        self.rate = rate
        self.received = 0
        self.lock = threading.Lock()
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BLOCK)
        self.listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SEGMENT)
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(64)
        self.port = self.listener.getsockname()[1]

    def __enter__(self):
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                threading.Thread(target=self.connect, args=(client,), daemon=True).start()

    def connect(self, client):
        server = socket.socket()
        server.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BLOCK)
        with client, server:
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with contextlib.suppress(OSError):
                server.connect(self.server)
                back = threading.Thread(target=self.pump, args=(server, client), daemon=True)
                back.start()
                self.pump(client, server, self.count, self.rate)
                back.join()

    def count(self, n):
        with self.lock:
            self.received += n

    @staticmethod
    def pump(source, sink, count=lambda n: None, rate=None):
        """Pass on until the source ends; where one side fails, the other is to know."""
        try:
            due = time.monotonic()
            while data := source.recv(BLOCK):
                count(len(data))
                if rate:
                    due = max(due, time.monotonic() - 0.01) + len(data) / rate
                    time.sleep(max(0, due - time.monotonic()))
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            for side in (source, sink):
                with contextlib.suppress(OSError):
                    side.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                    side.shutdown(socket.SHUT_RDWR)
