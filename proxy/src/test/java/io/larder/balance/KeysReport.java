package io.larder.balance;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** The parts of the report about which keys go where. */
final class KeysReport {
    private static final int KEYS = 20_000;

    private KeysReport() {}

    static void write(Markdown page) {
        movement(page);
        affinity(page);
    }

    private static void movement(Markdown page) {
        page.text("## Keys that move");
        page.text(
                "Of 20 000 keys, those that go to another server than before: when one of ten servers leaves (a tenth has to), "
                        + "among them those of servers that stayed, and those that are not where they were at first once it is back. "
                        + "Nothing else is in flight.");
        page.table("", "it leaves", "needlessly", "it is back");
        for (Policy policy : Policy.values()) {
            Balancer balancer = policy.balancer();
            Dice dice = new Dice(3);
            List<Stub> all = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                all.add(Stub.of("10.0.0." + i));
            }
            List<Stub> fewer = new ArrayList<>(all);
            Stub gone = fewer.remove(3);
            List<Stub> before = homes(balancer, List.copyOf(all), dice);
            List<Stub> during = homes(balancer, fewer, dice);
            List<Stub> after = homes(balancer, List.copyOf(all), dice);
            int moved = 0;
            int needless = 0;
            int astray = 0;
            for (int key = 0; key < KEYS; key++) {
                moved += before.get(key) == during.get(key) ? 0 : 1;
                needless += before.get(key) == during.get(key) || before.get(key) == gone ? 0 : 1;
                astray += before.get(key) == after.get(key) ? 0 : 1;
            }
            page.row(
                    policy,
                    Markdown.percent(moved / (double) KEYS),
                    Markdown.percent(needless / (double) KEYS),
                    Markdown.percent(astray / (double) KEYS));
        }
        page.end();
    }

    private static List<Stub> homes(Balancer balancer, List<Stub> servers, Dice dice) {
        List<Stub> homes = new ArrayList<>(KEYS);
        for (int key = 0; key < KEYS; key++) {
            Choice choice = new Choice(KeyHash.of("/products/" + key), 0, Set.of(), 0, dice::below);
            homes.add(servers.get(balancer.pick(servers, choice).orElseThrow()));
        }
        return homes;
    }

    private static void affinity(Markdown page) {
        SimKeys keys = new SimKeys(1000, 1.2);
        page.text("## A key that everybody wants");
        page.text(
                "Ten servers at 60 % of what they can do, 1 000 keys (Zipf, 1.2), of which the first is in "
                        + Markdown.percent(keys.hottest())
                        + " of the requests, more than one server can do. *At home*: requests that came to the server of their key; "
                        + "*alike*: that came to the one that got most of that key. *Fullest*: the most that a server had in flight, "
                        + "compared to the mean at that moment, when at least 40 were in flight; a bound is rounded up to whole requests.");
        page.table("", "at home", "alike", "fullest", "p50", "p99");
        hotKey(page, "consistent-hash", ConsistentHash::new, keys);
        hotKey(page, "the same, without bound", () -> new ConsistentHash(Double.POSITIVE_INFINITY), keys);
        hotKey(page, "least-requests", LeastRequests::new, keys);
        page.end();
    }

    private static void hotKey(Markdown page, String label, Supplier<Balancer> kind, SimKeys keys) {
        Simulation simulation = new Simulation(kind, SlowStart.OFF).keys(keys);
        for (int i = 0; i < 10; i++) {
            simulation.add(1, 8);
        }
        Homes homes = new Homes(simulation.servers());
        simulation.begin(2400);
        simulation.run(2).tally.watch(homes);
        Tally tally = simulation.measure(10);
        page.row(
                label,
                Markdown.percent(homes.atHome / (double) homes.sent),
                Markdown.percent(homes.alike() / (double) homes.sent),
                Markdown.ratio(homes.fullest),
                Markdown.millis(tally.quantile(0.5)),
                Markdown.millis(tally.quantile(0.99)));
    }

    /** Counts who came home. */
    private static final class Homes implements Tally.Witness {
        private final List<SimServer> servers;
        private final HashRing ring;
        private final Map<Long, Map<SimServer, Integer>> byKey = new HashMap<>();
        private int sent;
        private int atHome;
        private double fullest;

        private Homes(List<SimServer> servers) {
            this.servers = servers;
            this.ring =
                    HashRing.of(servers.stream().map(server -> server.endpoint).toArray(Endpoint[]::new));
        }

        @Override
        public void sent(SimServer server, long key, long nanos) {
            sent++;
            atHome += servers.get(ring.owner(ring.find(key))) == server ? 1 : 0;
            byKey.computeIfAbsent(key, any -> new HashMap<>()).merge(server, 1, Integer::sum);
            int all = 1; // this one is not in flight yet
            for (SimServer other : servers) {
                all += other.inFlight;
            }
            if (all >= 40) {
                fullest = Math.max(fullest, (server.inFlight + 1) * servers.size() / (double) all);
            }
        }

        private int alike() {
            int alike = 0;
            for (Map<SimServer, Integer> counts : byKey.values()) {
                alike += counts.values().stream().max(Integer::compare).orElse(0);
            }
            return alike;
        }
    }
}
