package io.larder.coherence.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class SimulationTest {
    private static final int STORIES = 200;
    private static final int MOST_STORIES = 4_000; // until a mistake shows that takes a rare chance
    private static final long STEPS = 5_000;

    @Test
    void nobodyServesWhatACompletedPurgeForbids() {
        long served = 0;
        long completed = 0;
        for (long seed = 1; seed <= STORIES; seed++) {
            Simulation.Outcome outcome = Simulation.run(seed, STEPS);
            assertThat(outcome.violation())
                    .as("seed %d, step %d", seed, outcome.steps())
                    .isEmpty();
            served += outcome.served();
            completed += outcome.completed();
        }
        // else it would show nothing
        assertThat(served).isGreaterThan(STORIES * STEPS / 50);
        assertThat(completed).isGreaterThan(STORIES * STEPS / 800);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void mistakesAreFound(Bug bug) {
        assertThat(LongStream.rangeClosed(1, MOST_STORIES)
                        .anyMatch(seed -> !Simulation.run(seed, STEPS, bug).isGood()))
                .as("%s shows in one of %d stories", bug, MOST_STORIES)
                .isTrue();
    }

    @Test
    void aSeedTellsTheSameStoryAgain() {
        assertThat(Simulation.run(4711, STEPS)).isEqualTo(Simulation.run(4711, STEPS));
    }
}
