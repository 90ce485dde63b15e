"""An origin of zeros: GET /…/length/SIZE or /…/chunked/SIZE, fresh for an hour; GET /asked: how often that was asked for.

Usage: large_origin.py PORT
"""
import collections
import socketserver
import sys

BLOCK = bytes(1024 * 1024)
FRESH = b'HTTP/1.1 200 OK\r\nCache-Control: max-age=3600\r\nETag: "zeros"\r\n'


ASKED = collections.deque()  # whose append is safe between threads


class Zeros(socketserver.StreamRequestHandler):
    def handle(self):
        while request := self.rfile.readline():
            while self.rfile.readline().strip():
                pass
            path = request.split()[1].decode()
            if path == "/asked":
                count = b"%d" % len(ASKED)
                self.connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(count), count))
                continue
            ASKED.append(path)
            framing, size = path.split("/")[-2:]
            self.chunked(int(size)) if framing == "chunked" else self.plain(int(size))

    def plain(self, size):
        self.connection.sendall(FRESH + b"Content-Length: %d\r\n\r\n" % size)
        while size:
            size -= self.part(size)

    def chunked(self, size):
        self.connection.sendall(FRESH + b"Transfer-Encoding: chunked\r\n\r\n")
        while size:
            self.connection.sendall(b"%x\r\n" % min(size, len(BLOCK)))
            size -= self.part(size)
            self.connection.sendall(b"\r\n")
        self.connection.sendall(b"0\r\n\r\n")

    def part(self, size):
        part = BLOCK[:size] if size < len(BLOCK) else BLOCK
        self.connection.sendall(part)
        return len(part)


class Origin(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True


if __name__ == "__main__":
    with Origin(("127.0.0.1", int(sys.argv[1])), Zeros) as origin:
        origin.serve_forever()
