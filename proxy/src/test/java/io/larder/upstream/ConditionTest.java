package io.larder.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.balance.HealthCount;
import io.larder.balance.OutlierDetector;
import io.larder.balance.SuccessRate;
import io.larder.exchange.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How breaker, conduct and checks make one standing, in virtual time. */
class ConditionTest {
    private static final long SECOND = 1_000_000_000L;
    private static final OutlierDetector BREAKER =
            new OutlierDetector(3, Duration.ofSeconds(1), Duration.ofSeconds(60));
    private static final OutlierDetector DETECTOR =
            new OutlierDetector(5, Duration.ofSeconds(30), Duration.ofMinutes(5));
    private static final UpstreamSettings.Checks CHECKS = new UpstreamSettings.Checks(
            "/",
            null,
            Duration.ofSeconds(2),
            Duration.ofSeconds(1),
            List.of(new UpstreamSettings.Statuses(200, 399)),
            new HealthCount(2, 3),
            0);

    private final List<String> told = new ArrayList<>();
    private boolean room = true;
    private long ended;
    private long failed;
    private int followed;

    private Condition condition(
            UpstreamSettings.@Nullable Outliers outliers, UpstreamSettings.@Nullable Checks checks) {
        UpstreamSettings.Care care = new UpstreamSettings.Care(BREAKER, outliers, checks);
        return new Condition(
                care, Duration.ofSeconds(1), new Alone(), (standing, why) -> told.add(standing + " " + why), 0);
    }

    /** Others that do not matter, but for the room that they leave. */
    private final class Alone implements Condition.Others {
        @Override
        public boolean haveRoom(Condition one, long nanos) {
            return room;
        }

        @Override
        public void follow(Condition one, long nanos) {
            followed++;
        }
    }

    private Condition withOutliers() {
        return condition(new UpstreamSettings.Outliers(DETECTOR, 0.5, new SuccessRate(0.5)), null);
    }

    private void fails(Condition condition, int times, long nanos) {
        for (int i = 0; i < times; i++) {
            condition.failed(new Failure(Failure.Kind.CONNECTION_REFUSED, "refused"), ++ended, ++failed, nanos);
        }
    }

    private void answers503(Condition condition, int times, long nanos) {
        for (int i = 0; i < times; i++) {
            condition.answeredBadly(503, null, ++ended, ++failed, nanos);
        }
    }

    @Test
    void threeFailuresInARowEjectAndASuccessfulProbeEndsIt() {
        Condition condition = condition(null, null);
        fails(condition, 2, 0);
        condition.succeeded(0);
        fails(condition, 2, 0);
        assertThat(condition.isUsable(0)).isTrue();
        fails(condition, 1, 0);
        assertThat(condition.isUsable(SECOND - 1)).isFalse();
        assertThat(condition.mayBeTried(1)).isTrue();
        assertThat(condition.standing(1)).isEqualTo(Standing.EJECTED);
        assertThat(condition.ejectedFor(0)).isEqualTo(Duration.ofSeconds(1));
        assertThat(condition.isUsable(SECOND)).isTrue();
        condition.sent(SECOND);
        assertThat(condition.isUsable(SECOND + 1)).as("one probe at a time").isFalse();
        condition.answered();
        assertThat(condition.isUsable(SECOND + 1)).as("its answer has begun").isTrue();
        condition.succeeded(SECOND + 2);
        assertThat(condition.usableSince()).isEqualTo(SECOND + 2);
        assertThat(told).containsExactly("EJECTED refused; left alone for 1.0 s", "UP it answers again");
    }

    /** One page's crash must not take a site down that has one server. */
    @Test
    void whereItHangsUpAtOnceAllMayTryItForWantOfOthers() {
        Condition condition = condition(null, null);
        for (int i = 0; i < 3; i++) {
            condition.failed(new Failure(Failure.Kind.CONNECTION_TERMINATED, "it hangs up"), ++ended, ++failed, 0);
        }
        assertThat(condition.isUsable(1)).as("others are better").isFalse();
        condition.sent(1);
        assertThat(condition.mayBeTried(2)).as("beside the probe").isTrue();

        condition.failed(new Failure(Failure.Kind.RESPONSE_TIMEOUT, "silent"), ++ended, ++failed, 3);
        condition.sent(4);
        assertThat(condition.mayBeTried(5)).as("who waits for it is held up").isFalse();
    }

    @Test
    void anOutlierIsBackWhenItsStreamedAnswerEnds() {
        Condition condition = withOutliers();
        answers503(condition, 5, 0);
        condition.sent(30 * SECOND);
        condition.answered();
        condition.succeeded(31 * SECOND);
        assertThat(condition.usableSince()).isEqualTo(31 * SECOND);
        assertThat(told).last().isEqualTo("UP it answers again");
        assertThat(followed).isEqualTo(1);
    }

    @Test
    void nobodyIsToldThatAServerIsUpWhileSomethingElseSpeaksAgainstIt() {
        Condition condition = condition(new UpstreamSettings.Outliers(DETECTOR, 0.5, null), CHECKS);
        condition.checked(false, "503", 0);
        fails(condition, 5, 0);
        told.clear();
        condition.succeeded(SECOND);
        assertThat(told).as("its check fails").isEmpty();
        condition.checked(true, "200", SECOND);
        condition.checked(true, "200", SECOND);
        assertThat(told).as("its conduct still speaks against it").containsExactly("EJECTED health check: 200");
        assertThat(condition.standing(30 * SECOND)).isEqualTo(Standing.UP);
    }

    @Test
    void aServerThatBreaksOffEveryAnswerIsEjectedAgainAtOnceAndForLonger() {
        Condition condition = condition(null, null);
        fails(condition, 3, 0);
        condition.sent(SECOND);
        condition.answered();
        fails(condition, 1, SECOND);
        assertThat(condition.ejectedFor(SECOND)).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void withoutOutliersAnswersSpeakForIt() {
        Condition condition = condition(null, null);
        answers503(condition, 100, 0);
        assertThat(condition.isUsable(0)).isTrue();
        assertThat(told).isEmpty();
    }

    @Test
    void badAnswersInARowMakeAnOutlier() {
        Condition condition = withOutliers();
        answers503(condition, 4, 0);
        assertThat(condition.isUsable(0)).isTrue();
        answers503(condition, 1, 0);
        assertThat(condition.isOutlier(29 * SECOND)).isTrue();
        condition.succeeded(1);
        assertThat(condition.isOutlier(2)).as("a straggler's success").isTrue();
        assertThat(condition.isOutlier(30 * SECOND)).isFalse();
        assertThat(told).containsExactly("EJECTED it answers 503; left alone for 30.0 s");
    }

    @Test
    void noMoreOutliersAreEjectedThanAllowed() {
        Condition condition = withOutliers();
        room = false;
        answers503(condition, 50, 0);
        assertThat(condition.isUsable(0)).isTrue();
        fails(condition, 3, 0);
        assertThat(condition.isUsable(0))
                .as("what cannot be reached is of no use, however many")
                .isFalse();
    }

    @Test
    void tooLowARateOfSuccessMakesAnOutlierThoughNeverInARow() {
        Condition condition = withOutliers();
        int sent = 0;
        while (condition.isUsable(0) && sent < 100) {
            sent++;
            answers503(condition, 2, 0);
            ended++;
            condition.succeeded(0);
        }
        assertThat(ended).isBetween((long) SuccessRate.ENOUGH, SuccessRate.ENOUGH + 3L);
        assertThat(condition.isOutlier(0)).isTrue();
    }

    @Test
    void retryAfterIsHonouredUpToTheLongestEjection() {
        Condition condition = withOutliers();
        condition.answeredBadly(503, Duration.ofSeconds(7), 1, 1, 0);
        assertThat(condition.ejectedFor(0)).isEqualTo(Duration.ofSeconds(7));
        Condition other = withOutliers();
        other.answeredBadly(503, Duration.ofHours(7), 1, 1, 0);
        assertThat(other.ejectedFor(0)).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void aFailingCheckTakesItOutAndTheBreakerIsForgottenWhenItPasses() {
        Condition condition = condition(null, CHECKS);
        assertThat(condition.standing(0)).isEqualTo(Standing.UP);
        fails(condition, 3, 0);
        condition.checked(false, "it answers 500", 1);
        assertThat(condition.standing(1)).isEqualTo(Standing.DOWN);
        assertThat(condition.mayBeTried(100 * SECOND)).as("the check finds out").isFalse();
        condition.checked(true, "it answers 200", 2);
        condition.checked(true, "it answers 200", 3);
        assertThat(condition.isUsable(3)).isTrue();
        assertThat(condition.usableSince()).isEqualTo(3);
        assertThat(told)
                .containsExactly(
                        "EJECTED refused; left alone for 1.0 s",
                        "DOWN health check: it answers 500",
                        "UP health check: it answers 200");
    }
}
