package io.larder.cli.demo;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** One instance of the sample shop, on a free loopback port. */
public final class Shop implements AutoCloseable {
    /** How long a query takes: what makes a cache worth while. */
    public static final Duration LATENCY = Duration.ofMillis(150);

    /** How long the slow page takes. */
    public static final Duration SLOW = Duration.ofSeconds(3);

    private final String name;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Pages pages;

    private Shop(String name, HttpServer server, Pages pages) {
        this.name = name;
        this.server = server;
        this.pages = pages;
    }

    /**
     * Opens the shop.
     *
     * @param name sent in {@code X-Served-By}
     * @param fault shared by all instances
     * @throws IOException when there is no free port
     */
    public static Shop open(String name, Fault fault, Duration latency, Duration slow) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        Shop shop = new Shop(name, server, new Pages(new Database(latency), fault, slow));
        server.setExecutor(shop.threads);
        server.createContext("/", shop::handle);
        server.start();
        return shop;
    }

    /** Such as {@code 127.0.0.1:34567}. */
    public String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            send(exchange, pages.answer(exchange.getRequestURI(), exchange.getRequestHeaders()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closing: the connection is dropped
        }
    }

    private void send(HttpExchange exchange, Page page) throws IOException {
        Headers fields = exchange.getResponseHeaders();
        page.fields().forEach(fields::set);
        fields.set("X-Served-By", name);
        String etag = page.fields().get("ETag");
        if (etag != null && etag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
            exchange.sendResponseHeaders(304, -1);
            return;
        }
        fields.set("Content-Type", "text/html; charset=utf-8");
        byte[] html = page.html().getBytes(StandardCharsets.UTF_8);
        if (exchange.getRequestMethod().equals("HEAD")) {
            fields.set("Content-Length", Integer.toString(html.length));
            exchange.sendResponseHeaders(page.status(), -1);
            return;
        }
        exchange.sendResponseHeaders(page.status(), html.length);
        exchange.getResponseBody().write(html);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
