package io.larder.balance;

import java.time.Duration;

/** The parts of the report about servers that come, or come back. */
final class JoiningReport {
    private static final SlowStart SLOWLY = new SlowStart(Duration.ofSeconds(30));
    private static final double TENTH = 0.1; // of a second

    private JoiningReport() {}

    static void write(Markdown page) {
        cold(page);
        herd(page);
    }

    private static void cold(Markdown page) {
        page.text("## A cold server comes");
        page.text(
                "Four servers at 70 % of what they can do; a fifth comes, ten times slower at first and warm after 500 requests. "
                        + "Latencies of all requests in the minute after, without slow start and with one of 30 s.");
        page.table("", "p99 without", "p99 with", "longest without", "longest with");
        for (Policy policy : Policy.values()) {
            Tally at = coldServer(policy, SlowStart.OFF);
            Tally slowly = coldServer(policy, SLOWLY);
            page.row(
                    policy,
                    Markdown.millis(at.quantile(0.99)),
                    Markdown.millis(slowly.quantile(0.99)),
                    Markdown.millis(at.quantile(1)),
                    Markdown.millis(slowly.quantile(1)));
        }
        page.end();
    }

    private static Tally coldServer(Policy policy, SlowStart slowStart) {
        Simulation simulation = new Simulation(policy::balancer, slowStart);
        for (int i = 0; i < 4; i++) {
            simulation.add(1, 8);
        }
        simulation.begin(1120);
        simulation.run(3).add(1, 8).cold(10, 500).since = simulation.time.now();
        return simulation.measure(60);
    }

    private static void herd(Markdown page) {
        page.text("## A server comes back");
        page.text(
                "Ten servers at 85 % of what they can do, one of which was ejected for ten seconds. Requests that it gets in a "
                        + "tenth of a second: in the first, in the fullest of the first three seconds, and on average from one second "
                        + "after its return to two, and from ten to eleven. Its fair part is 34.");
        page.table(
                "",
                "first",
                "fullest",
                "after 1 s",
                "after 10 s",
                "slowly: first",
                "fullest",
                "after 1 s",
                "after 10 s");
        for (Policy policy : Policy.values()) {
            int[] at = returning(policy, SlowStart.OFF);
            int[] slowly = returning(policy, SLOWLY);
            page.row(policy, at[0], at[1], at[2], at[3], slowly[0], slowly[1], slowly[2], slowly[3]);
        }
        page.end();
    }

    private static int[] returning(Policy policy, SlowStart slowStart) {
        Simulation simulation = new Simulation(policy::balancer, slowStart);
        for (int i = 0; i < 10; i++) {
            simulation.add(1, 8);
        }
        SimServer returned = simulation.servers().get(3);
        simulation.begin(3400);
        simulation.run(2);
        returned.isUsable = false;
        simulation.run(10);
        returned.isUsable = true;
        returned.since = simulation.time.now();
        int[] sent = new int[110];
        simulation.tally.watch((server, key, nanos) -> {
            if (server == returned) {
                sent[(int) ((nanos - returned.since) / (TENTH * Simulation.SECOND))]++;
            }
        });
        simulation.run(10.9);
        int fullest = 0;
        for (int i = 0; i < 30; i++) {
            fullest = Math.max(fullest, sent[i]);
        }
        return new int[] {sent[0], fullest, mean(sent, 10, 20), mean(sent, 100, 109)};
    }

    private static int mean(int[] counts, int from, int to) {
        int sum = 0;
        for (int i = from; i < to; i++) {
            sum += counts[i];
        }
        return (int) Math.round(sum / (double) (to - from));
    }
}
