"""How gunicorn runs one app server: one process (the tally of lab/ lives in it) with threads."""
workers = 1
worker_class = "gthread"
threads = 32
# Shorter than any gateway's idle time, as gunicorn's own default is: pooled connections do get closed under it.
keepalive = 2
graceful_timeout = 2
loglevel = "warning"
