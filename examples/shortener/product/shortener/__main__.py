"""Start the service: ``python3 -m shortener``."""

import os
import sys

from shortener.app import App
from shortener.server import make_server
from shortener.store import Store

DEFAULT_PORT = "8080"
DEFAULT_DB = "/tmp/shortener.db"


def main() -> None:
    """Serve until interrupted, on 127.0.0.1 and the port named by PORT."""
    port = int(os.environ.get("PORT", DEFAULT_PORT))
    store = Store(os.environ.get("SHORTENER_DB", DEFAULT_DB))
    server = make_server(App(store), port)
    print(f"shortener listens on http://127.0.0.1:{port}", file=sys.stderr, flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
        store.close()


if __name__ == "__main__":
    main()
