"""Counts in this process, which is why each app server is one gunicorn worker with threads."""
import threading
from collections import Counter

_lock = threading.Lock()
_counts = Counter()


def add(name, amount=1):
    with _lock:
        _counts[name] += amount


def snapshot():
    with _lock:
        return dict(_counts)
