"""A small web application with what browser steps speak of: forms, a table, dialogs, windows."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

HEAD = (
    "<!doctype html><html lang=en><meta charset=utf-8>"
    "<meta name=viewport content='width=device-width'>"
)

SHOP = (
    HEAD
    + """<title>Shop</title>
<nav aria-label=Main><a href=/form>Order</a> <a href=/late>Late</a>
  <a href=/form target=_blank>Order in a new window</a>
  <a href=/export.csv download>Export</a></nav>
<main><h1>Our   shop</h1>
<p>Tea is <b>cheap</b> today</p>
<table aria-label=Prices><thead><tr><th>Name<th>Price<th>Stock<th>Delete</thead><tbody>
<tr><td>Tea<td>3.50<td>7<td><button>Remove</button>
<tr><td>Green tea<td>4.00<td>0<td><button>Remove</button></table>
<ul aria-label=Basket><li>Coffee<li>Cake</ul>
<button id=pay disabled>Pay</button> <button id=more aria-expanded=false>More</button>
<button id=bold aria-pressed=false>Bold</button>
<div role=tablist><button role=tab aria-selected=true>First</button>
<button role=tab aria-selected=false>Second</button></div>
<p role=status id=said></p><p role=alert id=alert></p>
<section aria-label=Done id=done>Drop here</section>
<p draggable=true role=button id=card>Card</p>
<script>
const say = text => { document.getElementById('said').textContent = text }
for (const each of document.querySelectorAll('td button'))
  each.onclick = () => { say('removed ' + each.closest('tr').cells[0].textContent) }
more.onclick = () => {
  more.setAttribute('aria-expanded', 'true')
  setTimeout(() => pay.disabled = false, 300)
}
more.ondblclick = () => say('twice')
more.oncontextmenu = event => { event.preventDefault(); say('menu') }
more.onmouseenter = () => { document.getElementById('alert').textContent = 'Mind the gap' }
bold.onclick = () => bold.setAttribute('aria-pressed', bold.getAttribute('aria-pressed') !== 'true')
card.ondragstart = event => event.dataTransfer.setData('text/plain', 'card')
done.ondragover = event => event.preventDefault()
done.ondrop = event => { event.preventDefault(); say('dropped') }
document.addEventListener('keydown', event => { if (event.key === 'F2') say('help') })
</script></main>"""
)

FORM = (
    HEAD
    + """<title>Order form</title><main><h1>Order</h1>
<form aria-label=Order method=post action=/order enctype=multipart/form-data>
<label>Email * <input name=email type=email required></label>
<label for=note>Note</label><textarea id=note name=note>old</textarea>
<label>Size <select name=size><option>Small<option selected>Medium<option>Large</select></label>
<label><input type=checkbox name=news> Send me news</label>
<label><input type=radio name=pay value=card> By card</label>
<label><input type=radio name=pay value=bill> By bill</label>
<label>Code <input name=code value=A-1 readonly></label>
<label>Photo <input type=file name=photo multiple></label>
<button>Send</button></form>
<input placeholder=Search>
<div role=dialog aria-label=Sign-in><label>Email * <input id=second></label></div></main>"""
)

DIALOGS = (
    HEAD
    + """<title>Dialogs</title><main><h1>Dialogs</h1>
<button onclick="o.textContent = confirm('Delete it?') ? 'deleted' : 'kept'">Delete</button>
<button onclick="o.textContent = 'hello ' + prompt('Your name?')">Name</button>
<p role=status id=o></p></main>"""
)

BAD = (
    HEAD
    + "<title>Bad</title><main><h1>Bad</h1><img src=/x.png><button></button></main>"
    + "<script>console.error('broken'); setTimeout(() => { throw new Error('unheard') })</script>"
)

LATE = (
    HEAD
    + "<title>Late</title><main><h1>Late</h1><script>setTimeout(() => {"
    + (
        "document.querySelector('h1').textContent = 'Here'; document.title = 'Here now';"
        "history.pushState({}, '', '/late/done?x=1') }, 400)</script></main>"
    )
)


def away(address: str) -> str:
    return (
        HEAD
        + f"""<title>Away</title><main><h1>Away</h1><img alt=x src={address}/img>
<a href={address}/link>Leave</a><script>fetch('{address}/fetch').catch(() => 0);
new WebSocket('{address.replace("http", "ws")}/socket');
navigator.sendBeacon('{address}/beacon', 'x')</script></main>"""
    )


class Pages(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    elsewhere = "http://127.0.0.1:9"

    def log_message(self, *_arguments: Any) -> None:
        pass

    def _answer(self, body: str, status: int = 200, **headers: str) -> None:
        data = body.encode()
        self.send_response(status)
        given = {"Content-Type": "text/html; charset=utf-8", **headers}
        for name, value in given.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        pages = {"/": SHOP, "/form": FORM, "/dialogs": DIALOGS, "/bad": BAD, "/late": LATE}
        pages["/away"] = away(self.elsewhere)
        if path in pages:
            self._answer(pages[path], Set_Cookie="seen=1")
        elif path == "/export.csv":
            self._answer("name,price\n", Content_Type="text/csv")
        elif path == "/me":
            told = {"cookie": self.headers.get("Cookie"), "lang": self.headers["Accept-Language"]}
            self._answer(
                HEAD + f"<title>Me</title><main><h1>Me</h1><p>{json.dumps(told)}</p><p id=o></p>"
                "<script>o.textContent = innerWidth + 'x' + innerHeight + ' ' +"
                "Intl.DateTimeFormat().resolvedOptions().timeZone +"
                "(matchMedia('(prefers-color-scheme: dark)').matches ? ' dark' : '') +"
                "(matchMedia('(prefers-reduced-motion: reduce)').matches ? ' still' : '')"
                "</script></main>"
            )
        else:
            self._answer(HEAD + "<title>Gone</title><main><h1>No such page</h1></main>", 404)

    def do_POST(self) -> None:
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        text = data.decode("utf-8", "replace")
        shown = text.replace("&", "&amp;").replace("<", "&lt;")
        self._answer(HEAD + f"<title>Thanks</title><main><h1>Thanks</h1><pre>{shown}</pre></main>")


class Elsewhere(BaseHTTPRequestHandler):
    """Another service on loopback, which no page may reach."""

    reached: list[str]

    def log_message(self, *_arguments: Any) -> None:
        pass

    def do_GET(self) -> None:
        self.reached.append(self.path)
        self.send_response(204)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()

    do_POST = do_GET


def serve(handler: type[BaseHTTPRequestHandler]) -> ThreadingHTTPServer:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    return server


def address(server: ThreadingHTTPServer) -> str:
    return f"http://127.0.0.1:{server.server_address[1]}"
