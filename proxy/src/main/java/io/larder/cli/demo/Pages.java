package io.larder.cli.demo;

import com.sun.net.httpserver.Headers;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What the shop answers: decides by path and fields, knows nothing of sockets. */
final class Pages {
    private static final String PRODUCT = "/products/";
    private static final String CART = "cart=";

    private final Database database;
    private final Fault fault;
    private final Duration slow;

    /** @param slow how long the slow page takes */
    Pages(Database database, Fault fault, Duration slow) {
        this.database = database;
        this.fault = fault;
        this.slow = slow;
    }

    Page answer(URI uri, Headers fields) throws InterruptedException {
        String path = uri.getPath();
        if (path.equals("/admin/break")) {
            return breaking("on".equals(uri.getQuery()));
        }
        if (fault.isOn()) {
            return Page.of(500, "Out of order", "<p>The shop is broken. <a href=\"/admin/break?off\">Repair it</a>.");
        }
        return switch (path) {
            case "/" -> list();
            case "/welcome" ->
                welcome(Optional.ofNullable(fields.getFirst("Accept-Language")).orElse(""));
            case "/cart" -> cart(fields, uri.getQuery());
            case "/slow" -> slow();
            default -> path.startsWith(PRODUCT) ? product(path.substring(PRODUCT.length())) : missing();
        };
    }

    private Page list() throws InterruptedException {
        StringBuilder items = new StringBuilder("<ul>");
        for (Database.Product product : database.all()) {
            items.append("<li><a href=\"/products/").append(product.id()).append("\">");
            items.append(product.name()).append("</a> ").append(product.price());
        }
        return Page.of(200, "Products", items.append("</ul>").toString()).cacheable(30);
    }

    private Page product(String id) throws InterruptedException {
        Optional<Database.Product> found =
                id.matches("[0-9]{1,6}") ? database.find(Integer.parseInt(id)) : Optional.empty();
        return found.map(Pages::product).orElseGet(Pages::missing);
    }

    private static Page product(Database.Product product) {
        String content = "<p>%s<p><b>%s</b><p><a href=\"/cart?add=%d\">Put it into the cart</a>"
                .formatted(product.text(), product.price(), product.id());
        return Page.of(200, product.name(), content).cacheable(60);
    }

    private static Page missing() {
        return Page.of(404, "Not found", "<p>There is no such page.").uncacheable();
    }

    private Page welcome(String languages) throws InterruptedException {
        database.all();
        String language = languages.length() < 2 ? "en" : languages.substring(0, 2);
        Page page = switch (language) {
            case "de" ->
                Page.of(200, "Willkommen", "<p>Schön, dass Sie da sind.").with("Content-Language", "de");
            case "fr" ->
                Page.of(200, "Bienvenue", "<p>Quel plaisir de vous voir.").with("Content-Language", "fr");
            default -> Page.of(200, "Welcome", "<p>How nice of you to come.").with("Content-Language", "en");
        };
        return page.cacheable(60).with("Vary", "Accept-Language");
    }

    /** The number of things in the cart is in the cookie: enough for a demonstration. */
    private static Page cart(Headers fields, String query) {
        int count = fields.getOrDefault("Cookie", List.of()).stream()
                .flatMap(line -> List.of(line.split(";\\s*")).stream())
                .filter(cookie -> cookie.matches(CART + "[0-9]{1,3}"))
                .mapToInt(cookie -> Integer.parseInt(cookie.substring(CART.length())))
                .findFirst()
                .orElse(0);
        int now = query != null && query.startsWith("add=") ? count + 1 : count;
        return Page.of(200, "Your cart", "<p>Things in it: " + now)
                .uncacheable()
                .with("Set-Cookie", CART + now + "; Path=/; HttpOnly; SameSite=Lax");
    }

    private Page slow() throws InterruptedException {
        Pause.of(slow);
        return Page.of(200, "Slow page", "<p>This took " + slow.toMillis() + " ms to make.")
                .cacheable(10);
    }

    private Page breaking(boolean broken) {
        fault.set(broken);
        String state = broken ? "broken: its pages answer 500" : "in order";
        return Page.of(200, "Switched", "<p>The shop is now " + state + ".").uncacheable();
    }
}
