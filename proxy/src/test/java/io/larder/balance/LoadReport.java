package io.larder.balance;

import java.util.List;

/** The parts of the report about who gets how much, and how long it takes. */
final class LoadReport {
    private static final double USUAL = 3200; // requests per second: 80 % of what 10 servers of 8 workers can do
    private static final double SECONDS = 10;

    private LoadReport() {}

    static void write(Markdown page) {
        equal(page);
        weights(page);
        slow(page);
        blackHole(page);
    }

    private static Simulation tenServers(Policy policy) {
        return servers(policy, 10);
    }

    private static Simulation servers(Policy policy, int count) {
        Simulation simulation = new Simulation(policy::balancer, SlowStart.OFF);
        for (int i = 0; i < count; i++) {
            simulation.add(1, 8);
        }
        return simulation;
    }

    private static void equal(Markdown page) {
        page.text("## All servers equal");
        page.text(
                "*Least/most*: of the requests that servers got; *deviation*: the standard one, compared to the mean.");
        page.table("", "p50", "p99", "longest", "least/most", "deviation");
        for (Policy policy : Policy.values()) {
            Simulation simulation = tenServers(policy);
            simulation.begin(USUAL);
            Tally tally = simulation.run(2).measure(SECONDS);
            page.row(
                    policy,
                    Markdown.millis(tally.quantile(0.5)),
                    Markdown.millis(tally.quantile(0.99)),
                    Markdown.millis(tally.quantile(1)),
                    Markdown.ratio(tally.leastOverMost(simulation.servers())),
                    Markdown.percent(tally.variation(simulation.servers())));
        }
        page.end();
    }

    private static void weights(Markdown page) {
        page.text("## Weights");
        page.text(
                "Eight servers of weights 1, 1, 2, 2, 3, 3, 4, 4, with four workers for each unit: requests that they got by "
                        + "weight. *Idle*: at a twentieth of the load, where servers have nothing to do most of the time.");
        page.table("", "least/most", "deviation", "idle: least/most", "deviation");
        for (Policy policy : Policy.values()) {
            Simulation busy = weighted(policy);
            Simulation idle = weighted(policy);
            busy.begin(USUAL);
            idle.begin(USUAL / 20);
            busy.run(2).measure(SECONDS);
            idle.measure(SECONDS * 10);
            page.row(
                    policy,
                    Markdown.ratio(busy.tally.leastOverMost(busy.servers())),
                    Markdown.percent(busy.tally.variation(busy.servers())),
                    Markdown.ratio(idle.tally.leastOverMost(idle.servers())),
                    Markdown.percent(idle.tally.variation(idle.servers())));
        }
        page.end();
    }

    private static Simulation weighted(Policy policy) {
        Simulation simulation = new Simulation(policy::balancer, SlowStart.OFF);
        for (int weight : List.of(1, 1, 2, 2, 3, 3, 4, 4)) {
            simulation.add(weight, 4 * weight);
        }
        return simulation;
    }

    private static void slow(Markdown page) {
        page.text("## One server ten times slower");
        page.text("What others can do is enough for all.");
        page.table("", "p50", "p99", "longest", "requests to it");
        for (Policy policy : Policy.values()) {
            Simulation simulation = tenServers(policy);
            SimServer first = simulation.servers().getFirst();
            simulation.begin(USUAL);
            simulation.run(2);
            first.slowness = 10;
            Tally tally = simulation.run(2).measure(SECONDS);
            page.row(
                    policy,
                    Markdown.millis(tally.quantile(0.5)),
                    Markdown.millis(tally.quantile(0.99)),
                    Markdown.millis(tally.quantile(1)),
                    Markdown.percent(tally.share(first)));
        }
        page.end();
    }

    private static void blackHole(Markdown page) {
        page.text("## One server that fails fast");
        page.text(
                "It answers each request with an error after 1 ms, and nobody ejects it: what outlier ejection is for. "
                        + "*Of two*: beside one other server instead of nine.");
        page.table("", "requests that fail", "p99 of the others", "of two: requests that fail");
        for (Policy policy : Policy.values()) {
            blackHole(page, policy.toString(), tenServers(policy), servers(policy, 2));
        }
        blackHole(
                page,
                "ewma, were errors counted as answers",
                tenServers(Policy.EWMA).timeErrors(),
                servers(Policy.EWMA, 2).timeErrors());
        page.end();
    }

    private static void blackHole(Markdown page, String label, Simulation ofTen, Simulation ofTwo) {
        Tally ten = failing(ofTen, USUAL);
        Tally two = failing(ofTwo, USUAL / 5);
        page.row(
                label,
                Markdown.percent(ten.failed()),
                Markdown.millis(ten.quantile(0.99)),
                Markdown.percent(two.failed()));
    }

    private static Tally failing(Simulation simulation, double perSecond) {
        simulation.begin(perSecond);
        simulation.run(2).servers().getFirst().isFailing = true;
        return simulation.run(2).measure(SECONDS);
    }
}
