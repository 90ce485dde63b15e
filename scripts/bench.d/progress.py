"""What a run says while it lasts."""

import sys
import time

_BEGAN = time.monotonic()


def say(text):
    print(f"bench, {time.monotonic() - _BEGAN:.0f} s: {text}", file=sys.stderr, flush=True)
