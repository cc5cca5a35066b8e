"""The way out of the cell: only to what is on the list, refused and noted otherwise."""

from __future__ import annotations

import http.server
import json
import socket
import threading

import pytest
from messages_api.bench import assignment, profile, sandbox, written  # noqa: F401

from factory.agents.egress import EgressProxy, parse_allowed
from factory.agents.egress.proxy import PORT
from factory.agents.select import select

FETCH = """
import http.client, json, sys
found = {}
for target in sys.argv[1:]:
    host, port = target.rsplit(":", 1)
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=10)
    connection.set_tunnel(host, int(port))
    try:
        connection.request("GET", "/")
        found[target] = connection.getresponse().read().decode()
    except OSError as error:
        found[target] = str(error)
print(json.dumps(found))
""".replace("PORT", str(PORT))


@pytest.fixture
def site():
    """A web server on loopback; gives its port."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("content-length", "5")
            self.end_headers()
            self.wfile.write(b"hello")

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


def fetched(tmp_path, box, targets, egress):
    """What a command in the cell got from each target; and the assignment."""
    (tmp_path / "work").mkdir(exist_ok=True)
    (tmp_path / "work/fetch.py").write_text(FETCH)
    argv = ["sh", "-c", 'python3 fetch.py "$@" > got.json; env > env.txt', "sh", *targets]
    given = assignment(tmp_path)
    select(profile("command", argv=argv, egress=egress)).work(given, box)
    return json.loads((tmp_path / "work/got.json").read_text()), given


def test_listed_hosts_are_reached_by_name_and_all_else_is_refused_and_noted(
    tmp_path,
    sandbox,  # noqa: F811
    site,
):
    listed, other, port = f"localhost:{site}", "example.com:443", "localhost:1"
    got, given = fetched(tmp_path, sandbox, [listed, other, port], [listed])
    assert got[listed] == "hello"
    assert "403" in got[other]
    assert "403" in got[port]
    assert f"HTTPS_PROXY=http://127.0.0.1:{PORT}\n" in (given.workspace / "env.txt").read_text()
    said = written(given).steps[-1].results[0].text
    assert f"[egress refused: {other}, {port}]" in said


def test_without_a_list_there_is_no_proxy_at_all(tmp_path, sandbox, site):  # noqa: F811
    got, given = fetched(tmp_path, sandbox, [f"localhost:{site}"], [])
    assert "refused" in got[f"localhost:{site}"]
    assert "PROXY" not in (given.workspace / "env.txt").read_text()


def test_the_command_keeps_its_input_output_and_exit_code_beside_the_relay(
    tmp_path,
    sandbox,  # noqa: F811
):
    argv = ["sh", "-c", "cat > got.md; echo '{\"total_cost_usd\": 1}'"]
    given = assignment(tmp_path)
    agent = select(profile("command", argv=argv, egress=["localhost:1"]))
    assert agent.work(given, sandbox).usd == 1
    assert (given.workspace / "got.md").read_text() == given.brief


def asked(proxy, request):
    """Send raw bytes to the proxy's socket; its whole answer."""
    with socket.socket(socket.AF_UNIX) as end:
        end.connect(str(proxy.binds[0].source / "proxy"))
        end.settimeout(10)
        end.sendall(request)
        end.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: end.recv(65536), b""))


@pytest.mark.parametrize(
    "request_line",
    [
        b"GET http://allowed.example/ HTTP/1.1",
        b"CONNECT allowed.example HTTP/1.1",
        b"CONNECT allowed.example.evil.example:443 HTTP/1.1",
        b"CONNECT allowed.example:443@evil.example:443 HTTP/1.1",
        b"CONNECT evil.example:443 HTTP/1.1",
        b"CONNECT allowed.example:44300 HTTP/1.1",
        b"CONNECT 169.254.169.254:80 HTTP/1.1",
        b"CONNECT [::1]:443 HTTP/1.1",
        b"CONNECT allowed.example:443 HTTP/2.0",
        b"\xff\xfe",
    ],
)
def test_near_misses_of_a_listed_address_are_refused(request_line):
    with EgressProxy(parse_allowed(["allowed.example:443"])) as proxy:
        answer = asked(proxy, request_line + b"\r\nhost: allowed.example:443\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 403 ")
        assert len(proxy.refused) == 1


def test_names_are_taken_in_any_case_and_bytes_after_the_head_arrive(site):
    with EgressProxy(parse_allowed([f"LocalHost:{site}"])) as proxy:
        head = f"CONNECT lOCALhost:{site} HTTP/1.1\r\n\r\n".encode()
        answer = asked(proxy, head + b"GET / HTTP/1.0\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.0 200")
        assert answer.endswith(b"hello")


def test_an_endless_head_is_dropped_and_closing_leaves_nothing():
    with EgressProxy(parse_allowed(["a.example:1"])) as proxy:
        folder = proxy.binds[0].source
        try:
            answer = asked(proxy, b"CONNECT a.example:1 HTTP/1.1\r\n" + b"x: y\r\n" * 10_000)
        except OSError:
            answer = b""
        assert answer == b""
    assert not folder.exists()
