# SPDX-License-Identifier: GPL-2.0-or-later
"""Something at the office's address that is not the office.

    spoof.py fetch PORT                 print the identity note of who is there now
    spoof.py serve PORT PEM MODE KEY IDENTITY

stranger: an identity that nobody signed. forge: the office's identity, and receipts that it did not sign.
busy: the office's identity, and 503 with Retry-After to everything else.
Prints each request's line.
"""
import base64
import http.server
import ssl
import sys
import urllib.request


def fetch(port):
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with urllib.request.urlopen(f"https://127.0.0.1:{port}/v1/identity", context=context) as answer:
        sys.stdout.write(answer.read().decode())


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        print(self.requestline, flush=True)

    def answer(self, status, body=b"", headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def handle_any(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        mode, key, identity = self.server.told
        name, key_id, _ = key.split("+", 2)
        if self.path == "/v1/identity":
            forged = base64.b64encode(bytes(68)).decode()
            note = f"airgap-office identity v1\ntls sha256//{'A' * 43}=\n\n\u2014 {name} {forged}\n"
            self.answer(200, note.encode() if mode == "stranger" else identity)
        elif mode == "busy":
            self.answer(503, b"later\n", [("Retry-After", "600")])
        elif self.path == "/v1/add-checkpoint":
            self.answer(200)
        elif self.path == "/v1/add-entries":
            # The office's name and key id, a time, and a signature of nothing.
            raw = bytes.fromhex(key_id) + (1800000000).to_bytes(8, "big") + bytes(64)
            self.answer(200, f"\u2014 {name} {base64.b64encode(raw).decode()}\n".encode())
        else:
            self.answer(404, b"nothing\n")

    do_GET = do_POST = handle_any


def serve(port, pem, mode, key, identity):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", int(port)), Handler)
    with open(identity, "rb") as file:
        server.told = (mode, key, file.read())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(pem)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.serve_forever()


if sys.argv[1] == "fetch":
    fetch(sys.argv[2])
else:
    serve(*sys.argv[2:])
