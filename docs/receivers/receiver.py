"""A receiver of `kind: webhook` in Python: pip install standardwebhooks

    MONITOR_WEBHOOK_SECRET=whsec_... python receiver.py [PORT]

It checks the signature, does the work of each message once however often it arrives, and says when messages are missing.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

from standardwebhooks import Webhook

LARGEST = 1_000_000  # bytes of a body
hook = Webhook(os.environ["MONITOR_WEBHOOK_SECRET"])
seen = sqlite3.connect("seen.db")
seen.execute("CREATE TABLE IF NOT EXISTS seen (id TEXT PRIMARY KEY, seq INTEGER NOT NULL)")


def work(message):
    """Do what a message is for. Raise, and it comes again."""
    if message["type"] in {"hit.created", "story.escalated"}:  # a story, and more of one
        print("hit", message["seq"], message["data"]["rule"]["id"], message["data"]["article"]["title"], flush=True)
    else:  # a type you do not know yet is no fault: monitor schema lists them
        print("other", message["seq"], message["type"], flush=True)


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        size = int(self.headers.get("content-length") or 0)
        if size > LARGEST:
            return self.answer(413)
        body = self.rfile.read(size)
        try:
            message = hook.verify(body, dict(self.headers))  # also refuses what is older than five minutes
        except Exception:  # the library raises more than its own error for headers that are malformed
            return self.answer(401)
        if message["seq"] == 0:  # monitor test-webhook: outside the count, and nothing happened
            print("test", message["type"], flush=True)
            return self.answer(204)
        with seen:  # one transaction: the id is remembered with the work, or neither
            (highest,) = seen.execute("SELECT max(seq) FROM seen").fetchone()
            row = (self.headers["webhook-id"], message["seq"])
            if not seen.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", row).rowcount:
                print("repeat", message["seq"], flush=True)
                return self.answer(204)
            if highest is not None and message["seq"] > highest + 1:  # monitor replay sends them again
                print("missing", highest + 1, message["seq"] - 1, flush=True)
            work(message)
        return self.answer(204)  # only now: what was not answered with 2xx comes again

    def answer(self, status):
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


HTTPServer(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 8000), Receiver).serve_forever()
