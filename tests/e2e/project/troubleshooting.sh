#!/bin/sh
# mprof-trace-troubleshooting(7) and the messages in the source: what the page explains is said, and what asks
# something of the user is explained.
exec env PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$TESTS/lib/messages.py" \
	"$TESTS/../man/mprof-trace-troubleshooting.7" "$TESTS/.."
