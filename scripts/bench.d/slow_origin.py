"""PORT: an app whose fragments take their time. Paths: /page/COUNT/MILLISECONDS/…, /part/MILLISECONDS/…, /hung/page, /large/COUNT/BYTES."""

import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class App(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        words = self.path.split("?")[0].strip("/").split("/")
        kind, rest = words[0], words[1:]
        if kind == "page":
            self._page([f"/part/{rest[1]}/{'-'.join(rest[2:])}/{number}" for number in range(int(rest[0]))], fresh=False)
        elif kind == "part":
            time.sleep(int(rest[0]) / 1000)
            self._answer(b"x" * 1024, "no-store")
        elif kind == "hung":
            self._page([f"/part/{length}/{number}" for number, length in enumerate((0, 0, 60_000, 0, 0))], fresh=False)
        elif kind == "large":
            self._page([f"/kept/{number}" for number in range(int(rest[0]))], fresh=True, filling=int(rest[1]) // int(rest[0]))
        else:
            self._answer(b"y" * 1024, "max-age=86400")

    def _page(self, sources, fresh, filling=20):
        text = "".join("z" * filling + f'<esi:include src="{source}" onerror="continue"/>' for source in sources)
        self._answer(f"<html>{text}</html>".encode(), "max-age=86400" if fresh else "no-store", "content=\"ESI/1.0\"")

    def _answer(self, body, cache, surrogate=None):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Cache-Control", cache)
        if surrogate:
            self.send_header("Surrogate-Control", surrogate)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    request_queue_size = 512
    daemon_threads = True


if __name__ == "__main__":
    Server(("127.0.0.1", int(sys.argv[1])), App).serve_forever()
