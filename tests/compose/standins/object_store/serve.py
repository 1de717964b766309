"""moto's S3 server on the port of the store that ships, with its bucket and its page of health."""

import os
import threading
import urllib.request

from moto.server import ThreadedMotoServer

PORT = 8333

if __name__ == "__main__":
    ThreadedMotoServer(ip_address="0.0.0.0", port=PORT, verbose=False).start()
    bucket = urllib.request.Request(f"http://127.0.0.1:{PORT}/{os.environ['S3_BUCKET']}", method="PUT")
    urllib.request.urlopen(bucket, timeout=30)
    threading.Event().wait()
