package io.larder.admin;

/** What a browser sees first: what there is to ask for. */
final class IndexPage {
    static final String HTML = """
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Larder admin</title>
            <style>body{font:16px/1.5 system-ui,sans-serif;max-width:44em;margin:3em auto;padding:0 1em}td{padding:.2em 1em .2em 0}</style>
            <h1>Larder</h1>
            <table>
            <tr><td><a href="/v1/status">GET /v1/status</a><td>the gateway, its cache and its upstreams
            <tr><td><a href="/v1/nodes">GET /v1/nodes</a><td>the nodes that purge together
            <tr><td><a href="/v1/upstreams">GET /v1/upstreams</a><td>servers and their load
            <tr><td><a href="/v1/sites">GET /v1/sites</a><td>sites and routes
            <tr><td><a href="/v1/config">GET /v1/config</a><td>the effective configuration
            <tr><td><a href="/metrics">GET /metrics</a><td>metrics for Prometheus
            <tr><td><a href="/livez">GET /livez</a><td>whether the process lives
            <tr><td><a href="/readyz">GET /readyz</a><td>whether it takes requests
            <tr><td>POST /v1/purge<td>makes stored responses invalid: {"urls":[],"prefixes":[],"hosts":[],"all":false}
            <tr><td>POST /v1/explain<td>what would be done with a request, and why: {"url":"","method":"GET","headers":{}}
            <tr><td><a href="/v1/events">GET /v1/events</a><td>what happens, as server-sent events
            <tr><td>POST /v1/reload<td>reads the configuration again, and says what has changed
            <tr><td>POST /v1/upstreams/NAME/servers/ADDRESS<td>takes a server out, and lets it in again: {"state":"drain"}, {"state":"resume"}
            <tr><td>POST /v1/drain<td>stops accepting, finishes what runs, exits
            </table>
            """;

    private IndexPage() {}
}
