package io.larder.balance;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** The part of the report about loops that connect to a part of the servers only. */
final class ConnectionsReport {
    private static final int LOOPS = 8;
    private static final long IDLE = 60 * Simulation.SECOND; // until a connection that nobody uses is closed
    private static final long REQUEST = Simulation.SECOND / 50;
    private static final double SECONDS = 75; // before it counts, and again while it does

    /** How much more some loops have to do than others, as when clients' connections fall to them by chance. */
    private static final int[] BUSYNESS = {5, 3, 8, 6, 2, 7, 5, 4};

    private ConnectionsReport() {}

    static void write(Markdown page) {
        page.text("## Loops that use a part of the servers");
        page.text(
                "Eight loops, some of which have four times as much to do as others; connections are kept for 60 s, and opened "
                        + "when one is wanted. *Parts*: each server is used by two of the loops only. Least-requests, requests of 20 ms.");
        page.table(
                "servers, requests per second",
                "connections",
                "requests that opened one",
                "deviation",
                "parts: connections",
                "requests that opened one",
                "deviation");
        for (int servers : new int[] {10, 100, 1000}) {
            for (int perSecond : new int[] {50, 250}) {
                List<Object> cells = new ArrayList<>();
                cells.add(servers + ", " + perSecond);
                cells.addAll(new Run(servers, false).cells(perSecond));
                cells.addAll(new Run(servers, true).cells(perSecond));
                page.row(cells.toArray());
            }
        }
        page.end();
    }

    private static final class Run {
        private final List<Stub> servers;
        private final int sets; // into which the servers are parted
        private final List<List<Stub>> parts = new ArrayList<>(); // by loop
        private final List<Balancer> balancers = new ArrayList<>();
        private final List<List<Deque<Long>>> idle = new ArrayList<>(); // by loop and server, when it was put back
        private final Timeline time = new Timeline();
        private final Dice dice = new Dice(11);
        private int opened;

        private Run(int count, boolean areParted) {
            servers = IntStream.range(0, count).mapToObj(i -> Stub.of("s" + i)).toList();
            sets = areParted ? LOOPS / 2 : 1;
            for (int loop = 0; loop < LOOPS; loop++) {
                int set = loop % sets;
                List<Stub> part = IntStream.range(0, count)
                        .filter(i -> i % sets == set)
                        .mapToObj(servers::get)
                        .toList();
                parts.add(part);
                balancers.add(new LeastRequests());
                idle.add(part.stream()
                        .<Deque<Long>>map(any -> new ArrayDeque<>())
                        .toList());
            }
        }

        private List<String> cells(int perSecond) {
            int[] requests = new int[servers.size()];
            begin(perSecond, requests);
            time.runUntil((long) (SECONDS * Simulation.SECOND));
            opened = 0;
            Arrays.fill(requests, 0);
            time.runUntil((long) (2 * SECONDS * Simulation.SECOND));
            int all = IntStream.of(requests).sum();
            return List.of(
                    String.valueOf(open()),
                    Markdown.percent(opened / (double) all),
                    Markdown.percent(Tally.variation(
                            IntStream.of(requests).asDoubleStream().toArray())));
        }

        private void begin(int perSecond, int[] requests) {
            time.after(dice.wait(Simulation.SECOND / (double) perSecond), () -> {
                int loop = loop();
                List<Stub> part = parts.get(loop);
                int picked = balancers
                        .get(loop)
                        .pick(part, new Choice(0, 0, Set.of(), time.now(), dice::below))
                        .orElseThrow();
                requests[picked * sets + loop % sets]++;
                exchange(part.get(picked), idle.get(loop).get(picked));
                begin(perSecond, requests);
            });
        }

        private int loop() {
            int ticket = dice.below(IntStream.of(BUSYNESS).sum());
            int loop = 0;
            while (ticket >= BUSYNESS[loop]) {
                ticket -= BUSYNESS[loop++];
            }
            return loop;
        }

        private void exchange(Stub server, Deque<Long> connections) {
            Long last = connections.pollLast();
            if (last == null || isClosed(last)) {
                connections.clear();
                opened++;
            }
            server.inFlight++;
            time.after(REQUEST, () -> {
                server.inFlight--;
                connections.addLast(time.now());
            });
        }

        private boolean isClosed(long last) {
            return time.now() - last > IDLE;
        }

        private int open() {
            int open = servers.stream().mapToInt(server -> server.inFlight).sum();
            for (List<Deque<Long>> loop : idle) {
                for (Deque<Long> connections : loop) {
                    open += (int)
                            connections.stream().filter(last -> !isClosed(last)).count();
                }
            }
            return open;
        }
    }
}
