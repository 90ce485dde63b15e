"""A page, and a WebSocket that says back what it hears: Debian's python3-websockets.

Usage: socket_origin.py PORT
"""
import asyncio
import http
import sys

import websockets

PAGE = b"<!doctype html><title>sockets</title><p id=ready>ready"
FIELDS = [("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "max-age=3600")]


async def page(_path, headers):
    return None if "Upgrade" in headers else (http.HTTPStatus.OK, FIELDS, PAGE)


async def echo(socket):
    async for message in socket:
        await socket.send(message)


async def main():
    async with websockets.serve(echo, "127.0.0.1", int(sys.argv[1]), process_request=page):
        await asyncio.Future()


if __name__ == "__main__":
    asyncio.run(main())
