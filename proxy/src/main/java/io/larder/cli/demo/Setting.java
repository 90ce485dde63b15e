package io.larder.cli.demo;

import java.util.List;

/**
 * The demonstration's addresses, and what is said and configured with them.
 *
 * @param gateway port of the gateway on 127.0.0.1
 * @param admin port of its admin API
 * @param shops addresses of the shop's instances
 */
public record Setting(int gateway, int admin, List<String> shops) {
    public Setting {
        shops = List.copyOf(shops);
    }

    /** The gateway's configuration. */
    public String yaml() {
        return """
                # What "larder demo" runs with: two instances of a shop behind one gateway.
                listeners:
                  web: { bind: "127.0.0.1:%d" }
                admin:
                  bind: "127.0.0.1:%d"
                upstreams:
                  shop:
                    servers: ["%s"]
                    balance: round-robin
                sites:
                  shop:
                    upstream: shop
                    routes:
                      - path: /cart
                        cache: off
                      - path: /admin/**
                        cache: off
                      - path: /products/{id}
                        name: product
                        cache: { stale-while-revalidate: 30s, stale-if-error: 10m, stale-if-unreachable: 10m }
                      - path: /**
                        name: pages
                        cache: { stale-while-revalidate: 30s, stale-if-error: 10m, stale-if-unreachable: 10m }
                log:
                  level: warn
                  access: { format: off }
                shutdown: { drain: 2s }
                """.formatted(gateway, admin, String.join("\", \"", shops));
    }

    /** What to try. */
    public String guide() {
        String web = "http://127.0.0.1:" + gateway;
        String api = "http://127.0.0.1:" + admin;
        return """

                A shop on %3$s, and Larder in front of it:

                  %1$s/          the shop, in a browser too
                  %2$s/          Larder's admin address

                Things to try:

                  The first request waits 150 ms for the shop's database, the second does not:
                    curl -i %1$s/products/1
                    curl -i %1$s/products/1          (see Cache-Status and Age)

                  Two app servers take turns (X-Served-By):
                    curl -sI %1$s/products/2 | grep -i served-by
                    curl -sI %1$s/products/3 | grep -i served-by

                  One page, three languages, each stored (Vary):
                    curl -H 'Accept-Language: de' %1$s/welcome
                    curl -H 'Accept-Language: fr' %1$s/welcome

                  A cart is never stored:
                    curl -i %1$s/cart?add=1

                  A page that takes 3 seconds: once for all who wait:
                    for i in 1 2 3 4; do curl -so /dev/null -w '%%{time_total}\\n' %1$s/slow & done; wait

                  Break the shop. Pages that are stored go on, stale if need be; repair it:
                    curl -s %1$s/admin/break?on
                    curl -i %1$s/products/1
                    curl -s %1$s/admin/break?off

                  Purge a page, and look inside:
                    scripts/larder purge --admin %2$s %1$s/products/1
                    scripts/larder status --admin %2$s
                    curl -s %2$s/metrics | grep larder_requests

                Ctrl-C stops all of it.
                """.formatted(web, api, String.join(" and ", shops));
    }
}
