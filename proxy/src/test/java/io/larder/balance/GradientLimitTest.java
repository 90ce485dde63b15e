package io.larder.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GradientLimitTest {
    private static final long SECOND = 1_000_000_000L;
    private static final double MEAN = 0.02 * SECOND;

    /** A server, and a gateway that refuses what the limit does not allow. */
    private static final class World {
        private final Timeline time = new Timeline();
        private final Dice dice = new Dice(5);
        private final int workers;
        private final SimServer server;
        private final GradientLimit limit;
        private double load;
        private int inFlight;
        private double limits; // sum over the time slices
        private int slices;
        private int lowest;
        private int highest;

        /**
         * @param load requests that come, compared to what the server can do
         */
        private World(int workers, double load, GradientLimit limit) {
            this.workers = workers;
            this.load = load;
            this.limit = limit;
            this.server = new SimServer(Endpoint.of("a"), time, workers, MEAN);
            arrive();
        }

        private void arrive() {
            time.after(dice.wait(MEAN / workers / load), () -> {
                arrive();
                if (inFlight < limit.limit()) {
                    int with = ++inFlight;
                    long began = time.now();
                    server.submit(dice, well -> {
                        inFlight--;
                        limit.observe(time.now() - began, with, !well);
                    });
                }
            });
        }

        /** Lets time pass; the share of what the server could do that it did. */
        private double run(int seconds) {
            int before = server.served();
            limits = 0;
            slices = 0;
            lowest = Integer.MAX_VALUE;
            highest = 0;
            for (int i = 0; i < seconds * 10; i++) {
                time.runUntil(time.now() + SECOND / 10);
                limits += limit.limit();
                slices++;
                lowest = Math.min(lowest, limit.limit());
                highest = Math.max(highest, limit.limit());
            }
            return (server.served() - before) * MEAN * server.slowness / workers / SECOND / seconds;
        }

        private double mean() {
            return limits / slices;
        }
    }

    @ParameterizedTest(name = "{0} workers, beginning at {1}")
    @CsvSource({"4, 1", "4, 20", "16, 1", "16, 20", "16, 200", "100, 20", "100, 800"})
    void findsWhatAServerBearsAndStaysThere(int workers, int initial) {
        World world = new World(workers, 3, new GradientLimit(1, initial, 1000));
        world.run(30);
        for (int minute = 0; minute < 3; minute++) {
            assertThat(world.run(60)).as("use of the server").isGreaterThan(0.7);
            assertThat(world.mean()).isBetween(0.7 * workers, 2.0 * workers);
        }
        assertThat(world.highest).isLessThan(5 * workers);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 16, 100})
    void adaptsToASlowServerAndRecovers(int workers) {
        World world = new World(workers, 3, new GradientLimit(1, 20, 1000));
        world.run(30);
        world.server.slowness = 10;
        world.run(60);
        assertThat(world.run(60)).as("use of the slow server").isGreaterThan(0.6);
        assertThat(world.mean()).isBetween(0.5 * workers, 2.5 * workers);
        world.server.slowness = 1;
        world.run(20);
        assertThat(world.run(60)).as("use once it is well again").isGreaterThan(0.7);
        assertThat(world.mean()).isBetween(0.7 * workers, 2.0 * workers);
    }

    @Test
    void doesNotGrowWhileTheLoadIsFarBelow() {
        World world = new World(100, 0.1, new GradientLimit(1, 60, 1000));
        world.run(120);
        assertThat(world.highest).isEqualTo(60);
        assertThat(world.lowest).as("nor is it cut").isEqualTo(60);
        world.load = 0.6;
        world.run(60);
        assertThat(world.highest).as("it does as soon as it is wanted").isBetween(80, 200);
    }

    @Test
    void fallsWhileRequestsAreDroppedAndComesBack() {
        World world = new World(16, 3, new GradientLimit(2, 20, 1000));
        world.run(30);
        world.server.isFailing = true;
        world.run(30);
        assertThat(world.limit.limit()).isEqualTo(2);
        world.server.isFailing = false;
        world.run(20);
        assertThat(world.run(30)).isGreaterThan(0.7);
    }

    @Test
    void aFewErrorsAreNoOverload() {
        GradientLimit limit = new GradientLimit(1, 20, 40);
        for (int i = 0; i < 10_000; i++) {
            limit.observe(1000, 20, i % 20 == 0);
        }
        assertThat(limit.limit()).isEqualTo(40);
    }

    @Test
    void staysWithinItsEnds() {
        Dice dice = new Dice(9);
        GradientLimit limit = new GradientLimit(3, 5, 50);
        for (int i = 0; i < 100_000; i++) {
            limit.observe(dice.below(4) == 0 ? 0 : dice.wait(1e9), 1 + dice.below(60), dice.below(9) == 0);
            assertThat(limit.limit()).isBetween(3, 50);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 2", "2, 1, 3", "1, 4, 3"})
    void refusesNonsense(int min, int initial, int max) {
        assertThatThrownBy(() -> new GradientLimit(min, initial, max)).isInstanceOf(IllegalArgumentException.class);
    }
}
