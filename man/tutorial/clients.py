# clients.py N: N visits of the service, each with its number in the address.
import os, sys, time, urllib.request

def ready():
    return os.path.exists("service.port") and os.path.getsize("service.port")

while not ready():
    time.sleep(0.05)
address = "http://127.0.0.1:" + open("service.port").read().strip()
for visit in range(int(sys.argv[1])):
    page = "%s/page?n=%d&visit=%d" % (address, visit % 10, visit)
    urllib.request.urlopen(page).read()
    urllib.request.urlopen(address + "/about").read()
