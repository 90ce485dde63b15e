package io.larder.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.balance.OutlierDetector.Active;
import io.larder.balance.OutlierDetector.Ejected;
import io.larder.balance.OutlierDetector.Probing;
import io.larder.balance.OutlierDetector.State;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutlierDetectorTest {
    private static final long SECOND = 1_000_000_000L;
    private final OutlierDetector rule = new OutlierDetector(3, Duration.ofSeconds(1), Duration.ofSeconds(30));

    @Test
    void ejectsAfterFailuresInARow() {
        State state = rule.failed(rule.failed(OutlierDetector.HEALTHY, 0), 0);
        assertThat(state).isEqualTo(new Active(2, 0));
        assertThat(rule.isUsable(state, 0)).isTrue();
        assertThat(rule.failed(rule.succeeded(state), 0)).isEqualTo(new Active(1, 0));
        assertThat(rule.failed(state, 5)).isEqualTo(new Ejected(5 + SECOND, 1));
    }

    @Test
    void oneProbeWhenTheTimeIsOver() {
        State ejected = new Ejected(SECOND, 1);
        assertThat(rule.isUsable(ejected, SECOND - 1)).isFalse();
        assertThat(rule.isUsable(ejected, SECOND)).isTrue();
        State probing = rule.sent(ejected, Duration.ofSeconds(1), SECOND);
        assertThat(probing).isEqualTo(new Probing(2 * SECOND, 1, null));
        assertThat(rule.isUsable(probing, SECOND + 1)).isFalse();
        assertThat(rule.succeeded(probing)).isEqualTo(OutlierDetector.HEALTHY);
        assertThat(rule.failed(probing, SECOND)).isEqualTo(new Ejected(3 * SECOND, 2));
    }

    @Test
    void aProbeThatNobodyHearsOfAgainIsReplaced() {
        State probing = new Probing(2 * SECOND, 1, null);
        assertThat(rule.isUsable(probing, 2 * SECOND)).isTrue();
        assertThat(rule.sent(probing, Duration.ofSeconds(1), 2 * SECOND)).isEqualTo(new Probing(3 * SECOND, 1, null));
    }

    @Test
    void aProbeThatTellsNothingLetsAnotherBeSentAtOnce() {
        State probing = new Probing(2 * SECOND, 1, null);
        State abandoned = rule.abandoned(probing, SECOND);
        assertThat(abandoned).isEqualTo(new Ejected(SECOND, 1));
        assertThat(rule.isUsable(abandoned, SECOND)).isTrue();
        assertThat(rule.abandoned(OutlierDetector.HEALTHY, SECOND)).isEqualTo(OutlierDetector.HEALTHY);
    }

    @Test
    void whatSaysWhenItWillBeBackIsLeftAloneForSoLong() {
        State ejected = rule.ejectedFor(OutlierDetector.HEALTHY, Duration.ofSeconds(7), SECOND);
        assertThat(ejected).isEqualTo(new Ejected(8 * SECOND, 1));
        assertThat(rule.ejectedFor(OutlierDetector.HEALTHY, Duration.ofHours(1), SECOND))
                .isEqualTo(new Ejected(31 * SECOND, 1));
    }

    @Test
    void anAnswerThatHasBegunEndsTheProbeButNotTheSuspicion() {
        State active = rule.answered(new Probing(2 * SECOND, 1, null));
        assertThat(rule.isUsable(active, SECOND)).isTrue();
        assertThat(rule.failed(active, SECOND)).isEqualTo(new Ejected(3 * SECOND, 2));
    }

    @Test
    void stragglersOfBeforeProlongNothing() {
        State ejected = new Ejected(SECOND, 1);
        assertThat(rule.failed(ejected, SECOND - 1)).isEqualTo(ejected);
    }

    @Test
    void aRequestSentForWantOfAnyOtherIsTheProbe() {
        State ejected = new Ejected(SECOND, 1);
        assertThat(rule.mayBeTried(ejected, SECOND - 1)).isTrue();
        State probing = rule.sent(ejected, Duration.ofSeconds(1), SECOND - 1);
        assertThat(probing).isEqualTo(new Probing(2 * SECOND - 1, 1, new Ejected(SECOND, 1)));
        assertThat(rule.mayBeTried(probing, SECOND)).as("one at a time").isFalse();
    }

    /** In a total outage everybody asks: a second of that must not become a minute's ejection. */
    @Test
    void whatIsSentInSpiteOfAnEjectionProlongsNothing() {
        State ejected = new Ejected(SECOND, 1);
        State probing = rule.sent(ejected, Duration.ofSeconds(1), SECOND / 2);
        assertThat(rule.failed(probing, SECOND / 2 + 1)).isEqualTo(ejected);
        assertThat(rule.abandoned(probing, SECOND / 2 + 1)).isEqualTo(ejected);
        State due = rule.sent(ejected, Duration.ofSeconds(1), SECOND);
        assertThat(rule.failed(due, SECOND)).isEqualTo(new Ejected(3 * SECOND, 2));
    }

    @Test
    void whoIsDueMayBeProbedAndIsEjectedForLongerWhenThatFails() {
        State due = rule.due(new Ejected(30 * SECOND, 4), SECOND);
        assertThat(rule.isUsable(due, SECOND)).isTrue();
        State failed = rule.failed(rule.sent(due, Duration.ofSeconds(1), SECOND), SECOND);
        assertThat(failed).isEqualTo(new Ejected(SECOND + rule.ejection(4).toNanos(), 5));
        assertThat(rule.due(OutlierDetector.HEALTHY, SECOND)).isEqualTo(OutlierDetector.HEALTHY);
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 2", "2, 4", "3, 8", "4, 16", "5, 30", "6, 30", "1000000, 30"})
    void ejectionsDoubleUpToTheLongest(int times, int seconds) {
        assertThat(rule.ejection(times)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void refusesNonsense() {
        assertThatThrownBy(() -> new OutlierDetector(0, Duration.ofSeconds(1), Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new OutlierDetector(1, Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
