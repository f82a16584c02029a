# clients.py N: visits the service N times, each with its number.
import os, sys, time, urllib.request

port = "service.port"
while not (os.path.exists(port) and os.path.getsize(port)):
    time.sleep(0.05)
address = "http://127.0.0.1:" + open(port).read().strip()
for visit in range(int(sys.argv[1])):
    page = "%s/page?n=%d&visit=%d" % (address, visit % 10, visit)
    urllib.request.urlopen(page).read()
    urllib.request.urlopen(address + "/about").read()
