package io.larder.cli.demo;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;

/** A page on its way to the client: a value. */
record Page(int status, String html, Map<String, String> fields) {
    /** A page with title and content, neither of which holds anything of a client's. */
    static Page of(int status, String title, String content) {
        String html = """
                <!doctype html>
                <html lang="en">
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%1$s · The Larder Shop</title>
                <style>
                body{font:17px/1.6 Georgia,serif;color:#2c2418;background:#faf6ee;max-width:40em;margin:3em auto;padding:0 1em}
                a{color:#8a4b08}nav a{margin-right:1em}h1{font-weight:normal}li{margin:.4em 0}small{color:#85765f}
                </style>
                <nav><a href="/">Products</a><a href="/welcome">Welcome</a><a href="/cart">Cart</a><a href="/slow">Slow page</a></nav>
                <h1>%1$s</h1>
                %2$s
                </html>
                """.formatted(title, content);
        return new Page(status, html, Map.of());
    }

    Page with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(fields);
        more.put(name, value);
        return new Page(status, html, more);
    }

    /** May be stored by shared caches for so many seconds, and validated afterwards. */
    Page cacheable(int seconds) {
        CRC32 sum = new CRC32();
        sum.update(html.getBytes(StandardCharsets.UTF_8));
        return with("Cache-Control", "public, max-age=" + seconds)
                .with("ETag", "\"" + Long.toHexString(sum.getValue()) + "\"");
    }

    Page uncacheable() {
        return with("Cache-Control", "private, no-store");
    }
}
