# A service: /page?n=N is the page N, /about says how many pages are kept.
import http.server, json, urllib.parse

pages = {}

def render(number):
    text = "page %d " % number * 40
    rows = [{"row": i, "text": text} for i in range(400)]
    return json.dumps(rows).encode()

def cached(url):
    query = urllib.parse.urlsplit(url).query
    number = int(urllib.parse.parse_qs(query)["n"][0])
    if url not in pages:
        pages[url] = render(number)
    return pages[url]

def about():
    return b"%d pages\n" % len(pages)

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        answer = about() if self.path == "/about" else cached(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *arguments):
        pass

server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
with open("service.port", "w") as file:
    print(server.server_port, file=file)
server.serve_forever()
