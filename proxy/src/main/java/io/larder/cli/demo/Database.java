package io.larder.cli.demo;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The shop's products, and the time that asking for them takes. Holds no state. */
record Database(Duration latency) {
    /** @param cents the price */
    record Product(int id, String name, String text, int cents) {
        String price() {
            return "€ %d.%02d".formatted(cents / 100, cents % 100);
        }
    }

    private static final List<Product> PRODUCTS = List.of(
            new Product(1, "Oak shelf", "Three boards, solid, oiled.", 8900),
            new Product(2, "Preserving jars", "A dozen, half a litre each, with rubber rings.", 2450),
            new Product(3, "Dried porcini", "From the Auvergne, 100 grams.", 1290),
            new Product(4, "Sea salt", "Coarse, grey, a kilogram.", 490),
            new Product(5, "Quince jelly", "Last autumn's, 250 grams.", 650),
            new Product(6, "Beeswax wraps", "Three sizes, washable.", 1800));

    List<Product> all() throws InterruptedException {
        Pause.of(latency);
        return PRODUCTS;
    }

    Optional<Product> find(int id) throws InterruptedException {
        Pause.of(latency);
        return PRODUCTS.stream().filter(product -> product.id() == id).findFirst();
    }
}
