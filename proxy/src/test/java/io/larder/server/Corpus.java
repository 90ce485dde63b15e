package io.larder.server;

import java.util.ArrayList;
import java.util.List;

/** Requests as bytes, right and wrong, with what they are answered. */
public final class Corpus {
    /**
     * One request.
     *
     * @param section of the RFC that decides
     * @param status that is answered
     */
    public record Row(String section, String raw, int status) {
        @Override
        public String toString() {
            String shown = raw.length() > 90 ? raw.substring(0, 90) + "…" : raw;
            return section + " " + status + " "
                    + shown.replace("\r", "\\r").replace("\n", "\\n").replace("\0", "\\0");
        }
    }

    private static final String HOST = "Host: a.example\r\n";
    private static final String GET = "GET / HTTP/1.1\r\n" + HOST;
    private static final String POST = "POST / HTTP/1.1\r\n" + HOST;
    private static final String CHUNKED = POST + "Transfer-Encoding: chunked\r\n\r\n";

    private Corpus() {}

    /** Heads that are refused before anybody sees a request. */
    static List<Row> refused() {
        List<Row> rows = new ArrayList<>();
        for (String line : List.of(
                "GET /",
                "GET / ",
                "GET  / HTTP/1.1",
                "GET /  HTTP/1.1",
                " GET / HTTP/1.1",
                "GET\t/\tHTTP/1.1",
                "GET / HTTP/1.1 ",
                "GET / HTTP/1.1 x",
                "GET / http/1.1",
                "GET / HTTP/1",
                "GET / HTTP/1.",
                "GET / HTTP/11",
                "GET / HTTP/1.1.",
                "GET / HTTP/01.1",
                "GET / HTTP/1.10",
                "GET / HTTP 1.1",
                "GET / HTTPS/1.1",
                "GET /",
                "GET",
                "/ HTTP/1.1",
                "GET HTTP/1.1",
                "\"GET\" / HTTP/1.1",
                "G(ET / HTTP/1.1",
                "G\u00e9T / HTTP/1.1",
                "GET: / HTTP/1.1",
                "\0GET / HTTP/1.1",
                "G\0ET / HTTP/1.1",
                "\u000bGET / HTTP/1.1",
                "GET / HTTP/-.1",
                "GET /a b HTTP/1.1",
                "GET / HTTP/1.1\r",
                "\rGET / HTTP/1.1",
                "GET /\r HTTP/1.1",
                "GET\u00a0/ HTTP/1.1")) {
            rows.add(new Row("9112 3", line + "\r\n" + HOST + "\r\n", 400));
        }
        for (String target : List.of(
                "a",
                "a/b",
                "?x",
                "*",
                "/a#b",
                "/a\tb",
                "/a\0b",
                "/\u00e9",
                "/a\u007f",
                "a.example:80",
                "//",
                "http://",
                "http:///a",
                "http://u@a.example/",
                "http://u:p@a.example/",
                "http://a.example:x/",
                "http://a.example:0/",
                "http://a.example:65536/",
                "http://[::1/",
                "http://[]/",
                "http://a_b,c/",
                "http:/a",
                "http:a.example/",
                "ftp://a.example/",
                "ws://a.example/",
                "javascript:1",
                "http://a\\b/",
                "http://a.example\\@b/")) {
            if (!target.equals("//")) {
                rows.add(new Row("9112 3.2", "GET " + target + " HTTP/1.1\r\n" + HOST + "\r\n", 400));
            }
        }
        for (String version : List.of("HTTP/2.0", "HTTP/0.9", "HTTP/3.0", "HTTP/1.2", "HTTP/1.9", "HTTP/9.1")) {
            rows.add(new Row("9110 2.5", "GET / " + version + "\r\n" + HOST + "\r\n", 505));
        }
        rows.add(new Row("9113 3.4", "PRI * HTTP/2.0\r\n" + HOST + "\r\n", 505)); // not quite the preface
        rows.add(new Row("9112 2.2", "GET / HTTP/1.1\n" + HOST + "\r\n", 400));
        rows.add(new Row("9112 2.2", "GET / HTTP/1.1\r\nHost: a.example\n\r\n", 400));
        rows.add(new Row("9112 2.2", GET + "\n", 400));
        rows.add(new Row("9112 2.2", "GET / HTTP/1.1\nHost: a.example\n\n", 400));
        rows.add(new Row("9112 2.2", "\nGET / HTTP/1.1\r\n" + HOST + "\r\n", 400));
        rows.add(new Row("9112 2.2", "\r\n\r\n\r\n" + GET + "\r\n", 400));
        rows.add(new Row("9112 2.2", " \r\n" + GET + "\r\n", 400));
        rows.add(new Row("9112 2.2", "\u0016\u0003\u0001\u0002\u0000\u0001", 400));
        addHosts(rows);
        addFields(rows);
        addFraming(rows);
        addLimits(rows);
        rows.add(new Row("9110 9.3.6", "CONNECT a.example:443 HTTP/1.1\r\n" + HOST + "\r\n", 501));
        rows.add(new Row("9110 9.3.6", "CONNECT / HTTP/1.1\r\n" + HOST + "\r\n", 501));
        rows.add(new Row("9110 9.3.8", "TRACE / HTTP/1.1\r\n" + HOST + "\r\n", 501));
        return rows;
    }

    private static void addHosts(List<Row> rows) {
        rows.add(new Row("9112 3.2", "GET / HTTP/1.1\r\n\r\n", 400));
        rows.add(new Row("9112 3.2", "GET / HTTP/1.1\r\nHost : a.example\r\n\r\n", 400));
        rows.add(new Row("9112 3.2", "GET http://a.example/ HTTP/1.1\r\n\r\n", 400));
        rows.add(new Row("9112 3.2", GET + HOST + "\r\n", 400));
        rows.add(new Row("9112 3.2", GET + "host: b.example\r\n\r\n", 400));
        rows.add(new Row("9112 3.2", "GET / HTTP/1.0\r\n" + HOST + HOST + "\r\n", 400));
        for (String host : List.of(
                "",
                "a b",
                "a,b",
                "a.example, b.example",
                "a/b",
                "a?b",
                "a#b",
                "a@b",
                "u:p@a",
                "a:b",
                "a:80:80",
                "a:-1",
                "a:0",
                "a:65536",
                "a:99999999999",
                ":80",
                "[::1",
                "::1",
                "[::1]x",
                "[]",
                "[:]",
                "[:::]",
                "[1:2:3]",
                "[::1%25eth0]",
                "[1:2:3:4:5:6:7:8:9]",
                "[::g]",
                "[::1.2.3]",
                "[::1.2.3.256]",
                "a\\b",
                "a%00b",
                "\"a\"",
                "a\tb",
                "<a>",
                "\u00e4.example",
                "http://a.example",
                "a;b",
                "a|b",
                "{a}",
                "x".repeat(256))) {
            rows.add(new Row("9110 7.2", "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n", 400));
        }
    }

    private static void addFields(List<Row> rows) {
        for (String line : List.of(
                "X : 1",
                "X\t: 1",
                " X: 1",
                "\tX: 1",
                "X",
                "X 1",
                ": 1",
                "X\0: 1",
                "X: a\0b",
                "X: a\u0001b",
                "X: a\u007f",
                "X: a\rb",
                "X: a\r",
                "X\r: a",
                "(X): 1",
                "X@: 1",
                "X/Y: 1",
                "\u00e9: 1",
                "X\u00a0: 1",
                "X[0]: 1",
                "X: 1\r\n folded",
                "X: 1\r\n\tfolded",
                "X: 1\r\n \r\n",
                "X: \u000b",
                "X: a\u001b[0m",
                "X:\u0008")) {
            rows.add(new Row("9112 5", GET + line + "\r\n\r\n", 400));
        }
    }

    private static void addFraming(List<Row> rows) {
        for (String length : List.of(
                "",
                "+1",
                "-1",
                "1 ",
                "0x1",
                "1a",
                "1,1",
                "1, 1",
                "1;",
                "1.0",
                "1e1",
                " 1 1",
                "\"1\"",
                "9223372036854775808",
                "18446744073709551616",
                "1_0",
                "\u0661",
                "0000000000000000001")) {
            if (!length.equals("1 ")) {
                rows.add(new Row("9112 6.3", POST + "Content-Length: " + length + "\r\n\r\nx", 400));
            }
        }
        rows.add(new Row("9112 6.3", POST + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nxy", 400));
        rows.add(new Row("9112 6.3", POST + "Content-Length: 1\r\nContent-Length: 1\r\n\r\nx", 400));
        rows.add(new Row("9112 6.1", POST + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400));
        rows.add(new Row("9112 6.1", POST + "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n0\r\n\r\n", 400));
        rows.add(new Row("9112 6.1", POST + "Transfer-Encoding: x\r\nContent-Length: 0\r\n\r\n", 400));
        for (String coding : List.of(
                "chunked, chunked",
                "chunked, gzip",
                "gzip, chunked",
                "chunked,",
                ", chunked",
                "chunked;q=1",
                "\"chunked\"",
                "chunked x",
                "",
                "\u00a0chunked")) {
            rows.add(new Row("9112 6.1", POST + "Transfer-Encoding: " + coding + "\r\n\r\n0\r\n\r\n", 400));
        }
        rows.add(new Row("9112 6.1", POST + "Transfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n", 400));
        rows.add(new Row("9112 6.1", POST + "Transfer-Encoding: chun\0ked\r\n\r\n0\r\n\r\n", 400));
        rows.add(new Row("9112 6.1", POST + "Transfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n", 400));
        rows.add(
                new Row("9112 6.1", POST + "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n", 400));
        rows.add(
                new Row("9112 6.1", "POST / HTTP/1.0\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400));
        for (String coding : List.of("gzip", "identity", "xchunked", "x-chunked", "chunked-x", "gzip, deflate")) {
            rows.add(new Row("9112 6.1", POST + "Transfer-Encoding: " + coding + "\r\n\r\n", 501));
        }
        rows.add(new Row("1945 8.3", "POST / HTTP/1.0\r\n" + HOST + "\r\n", 411));
        rows.add(new Row("9110 10.1.1", POST + "Expect: 200-ok\r\nContent-Length: 1\r\n\r\nx", 417));
        rows.add(new Row("9110 10.1.1", POST + "Expect: 100-continue, x\r\nContent-Length: 1\r\n\r\nx", 417));
        rows.add(new Row("9110 15.5.14", POST + "Content-Length: 100001\r\n\r\n", 413));
        rows.add(new Row("9110 15.5.14", POST + "Expect: 100-continue\r\nContent-Length: 100001\r\n\r\n", 413));
    }

    private static void addLimits(List<Row> rows) {
        rows.add(new Row("9110 15.5.15", "GET /" + "a".repeat(1100) + " HTTP/1.1\r\n" + HOST + "\r\n", 414));
        rows.add(new Row("9110 15.5.15", "GET /" + "a".repeat(9000), 414));
        rows.add(new Row("6585 5", GET + "X: " + "a".repeat(1100) + "\r\n\r\n", 431));
        rows.add(new Row("6585 5", GET + ("X: " + "a".repeat(500) + "\r\n").repeat(9) + "\r\n", 431));
        rows.add(new Row("6585 5", GET + "X: 1\r\n".repeat(21) + "\r\n", 431));
        rows.add(new Row("6585 5", GET + "X: " + "a".repeat(9000), 431));
    }

    /** Chunked content that breaks its coding: whoever reads it must not see its end (RFC 9112 §7.1). */
    public static List<Row> brokenChunks() {
        List<Row> rows = new ArrayList<>();
        for (String content : List.of(
                "\r\n\r\n",
                "g\r\n",
                "-1\r\nx\r\n0\r\n\r\n",
                "+1\r\nx\r\n0\r\n\r\n",
                "0x1\r\nx\r\n0\r\n\r\n",
                " 1\r\nx\r\n0\r\n\r\n",
                "1 \r\nx\r\n0\r\n\r\n",
                "1\t\r\nx\r\n0\r\n\r\n",
                "1 ;a\r\nx\r\n0\r\n\r\n",
                "1 1\r\nx\r\n0\r\n\r\n",
                "1\nx\r\n0\r\n\r\n",
                "1\rx\r\n0\r\n\r\n",
                "1\r\r\nx\r\n0\r\n\r\n",
                "1\r\nx\n0\r\n\r\n",
                "1\r\nx0\r\n\r\n",
                "1\r\nxy\r\n0\r\n\r\n",
                "1\r\nx\r\r\n0\r\n\r\n",
                "1\r\nx\r\n\r\n0\r\n\r\n",
                "1\r\nx\r\n0\n\r\n",
                "1\r\nx\r\n0\r\n\n",
                "1\r\nx\r\n;a\r\n\r\n",
                "1;a\nx\r\n0\r\n\r\n",
                "1;a=\"\r\n\"\r\nx\r\n0\r\n\r\n",
                "1;a=\"b\r\nx\r\n0\r\n\r\n",
                "1;a\0\r\nx\r\n0\r\n\r\n",
                "1;\r\r\nx\r\n0\r\n\r\n",
                "1;\r\nx\r\n0\r\n\r\n",
                "1;=b\r\nx\r\n0\r\n\r\n",
                "1;a=\r\nx\r\n0\r\n\r\n",
                "1;a=\"b\"c\r\nx\r\n0\r\n\r\n",
                "1;a b\r\nx\r\n0\r\n\r\n",
                "ffffffffffffffff\r\nx",
                "10000000000000001\r\nx\r\n0\r\n\r\n",
                "0000000000000001\r\nx\r\n0\r\n\r\n",
                "00000000000000000\r\n\r\n",
                "1\r\nx\r\n0\r\nX : 1\r\n\r\n",
                "1\r\nx\r\n0\r\nX\r\n\r\n",
                "1\r\nx\r\n0\r\n X: 1\r\n\r\n",
                "1\r\nx\r\n0\r\nX: 1\n\r\n",
                "1\r\nx\r\n0\r\nX: 1\r\n\n",
                "1\r\nx\r\n0\r\nX: a\0\r\n\r\n",
                "1\r\nx\r\n0\r\nX: a\r\n b\r\n\r\n",
                "1\r\nx\r\n0\r\n: a\r\n\r\n",
                "\u0661\r\nx\r\n0\r\n\r\n",
                "1\u0000\r\nx\r\n0\r\n\r\n")) {
            rows.add(new Row("9112 7.1", CHUNKED + content, 400));
        }
        rows.add(new Row("9112 7.1.1", CHUNKED + "1;" + "a".repeat(5000) + "\r\nx\r\n0\r\n\r\n", 400));
        rows.add(new Row("9112 7.1.2", CHUNKED + "0\r\nX: " + "a".repeat(5000) + "\r\n\r\n", 400));
        rows.add(new Row("9112 7.1.2", CHUNKED + "0\r\n" + "X: 1\r\n".repeat(30) + "\r\n", 400));
        rows.add(new Row("9110 15.5.14", CHUNKED + ("2710\r\n" + "x".repeat(10_000) + "\r\n").repeat(11), 413));
        return rows;
    }

    /** Requests that are served, each with status 200; several in a row stand for a pipeline. */
    public static List<Row> served() {
        List<Row> rows = new ArrayList<>();
        for (String raw : List.of(
                GET + "\r\n",
                "\r\n" + GET + "\r\n",
                "\r\n\r\n" + GET + "\r\n\r\n" + GET + "\r\n",
                "GET http://b.example/p?q HTTP/1.1\r\n" + HOST + "\r\n",
                "GET HTTP://b.example:80?q HTTP/1.1\r\n" + HOST + "\r\n",
                "OPTIONS * HTTP/1.1\r\n" + HOST + "\r\n",
                "OPTIONS http://b.example:8080 HTTP/1.1\r\n" + HOST + "\r\n",
                "GET //a//b?? HTTP/1.1\r\n" + HOST + "\r\n",
                "GET /%0d%0a%00?%20 HTTP/1.1\r\n" + HOST + "\r\n",
                "GET / HTTP/1.1\r\nhOsT:a.example:8080 \t\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: [1:2:3:4:5:6:1.2.3.4]\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: A.Example.:\r\n\r\n",
                "GET / HTTP/1.0\r\n\r\n",
                "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" + GET + "\r\n",
                GET + "Connection: close\r\n\r\n",
                GET + "Connection: x, Close ,y\r\n\r\n" + GET + "\r\n",
                GET + "X:\r\nY: \t \r\nZ: a\tb \u00e9\r\n\r\n",
                "M-SEARCH / HTTP/1.1\r\n" + HOST + "\r\n",
                "get / HTTP/1.1\r\n" + HOST + "\r\n",
                POST + "Content-Length: 0\r\n\r\n" + GET + "\r\n",
                POST + "Content-Length: 5\r\n\r\nhello" + GET + "\r\n",
                GET + "Content-Length: 3\r\n\r\nGET" + GET + "\r\n",
                CHUNKED + "0\r\n\r\n" + GET + "\r\n",
                CHUNKED + "5\r\nhello\r\n0\r\n\r\n" + GET + "\r\n",
                CHUNKED + "1\r\na\r\n2\r\nbc\r\n00\r\n\r\n" + GET + "\r\n",
                CHUNKED + "00A;x=y;z=\"q\\\"\"\r\n0123456789\r\n0;last\r\n\r\n" + GET + "\r\n",
                CHUNKED + "1\r\na\r\n0\r\nX-Sum: 1\r\nHost: evil\r\nX-B: 2\r\n\r\n" + GET + "\r\n",
                POST + "Transfer-Encoding: CHUNKED\r\n\r\n1\r\na\r\n0\r\n\r\n" + GET + "\r\n",
                "POST / HTTP/1.0\r\nContent-Length: 1\r\nExpect: whatever\r\n\r\nx")) {
            rows.add(new Row("9112", raw, 200));
        }
        return rows;
    }
}
