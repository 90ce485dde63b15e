package io.larder.balance;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Requests that come by chance to some loops, each with a balancer of its own, which send them to the same simulated servers.
 */
final class Simulation {
    static final long SECOND = 1_000_000_000L;
    static final int LOOPS = 4;

    private static final class Lane {
        private final Balancer balancer;
        private List<SimPeer> peers = List.of();

        private Lane(Balancer balancer) {
            this.balancer = balancer;
        }
    }

    final Timeline time = new Timeline();
    final Dice dice = new Dice(7);
    final Tally tally = new Tally();
    private final List<Lane> lanes = new ArrayList<>();
    private final List<SimServer> servers = new ArrayList<>();
    private final SlowStart slowStart;
    private SimKeys keys = new SimKeys(10_000, 0.9);
    private boolean areErrorsTimed;
    private boolean isOver;

    Simulation(Supplier<Balancer> kind, SlowStart slowStart) {
        this.slowStart = slowStart;
        for (int i = 0; i < LOOPS; i++) {
            lanes.add(new Lane(kind.get()));
        }
    }

    Simulation keys(SimKeys others) {
        keys = others;
        return this;
    }

    /** Has errors count as answers in the latency that loops know. */
    Simulation timeErrors() {
        areErrorsTimed = true;
        return this;
    }

    /** A server comes. */
    SimServer add(int weight, int workers) {
        SimServer server =
                new SimServer(new Endpoint("10.0.0." + servers.size(), weight, 0), time, workers, 0.02 * SECOND);
        servers.add(server);
        lanes.forEach(this::renew);
        return server;
    }

    private void renew(Lane lane) {
        Map<SimServer, SimPeer> known = new HashMap<>();
        lane.peers.forEach(peer -> known.put(peer.server(), peer));
        lane.peers = servers.stream()
                .map(server -> known.getOrDefault(server, new SimPeer(server, new PeakEwma(), slowStart)))
                .toList();
    }

    List<SimServer> servers() {
        return servers;
    }

    /** From now on so many requests come per second. */
    void begin(double perSecond) {
        time.after(dice.wait(SECOND / perSecond), () -> {
            if (!isOver) {
                request(lanes.get(dice.below(lanes.size())), keys.next(dice));
                begin(perSecond);
            }
        });
    }

    /** Lets so many seconds pass. */
    Simulation run(double seconds) {
        time.runUntil(time.now() + (long) (seconds * SECOND));
        return this;
    }

    /** Forgets what was before, lets so many seconds pass, and then waits until all that came in them is answered. */
    Tally measure(double seconds) {
        tally.forget(time.now());
        run(seconds);
        isOver = true;
        run(10_000);
        return tally;
    }

    private void request(Lane lane, long key) {
        OptionalInt picked = lane.balancer.pick(lane.peers, new Choice(key, 0, Set.of(), time.now(), dice::below));
        SimPeer peer = lane.peers.get(picked.orElseThrow());
        long began = time.now();
        tally.sent(peer.server(), key, began);
        peer.server().submit(dice, well -> {
            long took = time.now() - began;
            if (well || areErrorsTimed) {
                peer.latency().observe(took, time.now());
            }
            tally.answered(began, took, well);
        });
    }
}
