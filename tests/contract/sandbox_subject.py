"""An HTTP service that the sandbox tests run inside a cell. Usage: python3 -c SOURCE PORT"""

SOURCE = r"""
import http.server, os, sys

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, body):
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path == "/exit":
            os._exit(3)
        if self.path == "/descriptors":
            names = [os.readlink(f"/proc/self/fd/{n}") for n in os.listdir("/proc/self/fd")
                     if os.path.exists(f"/proc/self/fd/{n}")]
            return self.answer("\n".join(names).encode())
        if self.path == "/flood":
            sys.stdout.write("y" * 300_000 + "\n")
            sys.stdout.flush()
        self.answer(self.path.encode())

    def do_POST(self):
        self.answer(self.rfile.read(int(self.headers["Content-Length"])))

    def log_message(self, *_):
        pass

class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128

print("listening", flush=True)
Server(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""
