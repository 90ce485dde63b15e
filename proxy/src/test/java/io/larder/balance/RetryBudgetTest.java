package io.larder.balance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RetryBudgetTest {
    private static final long SECOND = 1_000_000_000L;
    private final RetryBudget budget = new RetryBudget();

    private int taken(double ratio, long nanos) {
        int taken = 0;
        while (taken < 1000 && budget.take(ratio, nanos)) {
            taken++;
        }
        return taken;
    }

    @Test
    void aFewAreAlwaysAllowed() {
        assertThat(taken(0.2, 0)).isEqualTo(RetryBudget.FLOOR);
    }

    @Test
    void aFractionOfTheRequests() {
        for (int i = 0; i < 500; i++) {
            budget.requested(-5);
        }
        assertThat(taken(0.2, 0)).isEqualTo(100);
    }

    @Test
    void whatIsLongPastCountsNoMore() {
        for (int i = 0; i < 500; i++) {
            budget.requested(0);
        }
        assertThat(taken(0.2, SECOND)).isEqualTo(100);
        assertThat(taken(0.2, 11 * SECOND)).as("the window before still counts").isZero();
        assertThat(taken(0.2, 25 * SECOND)).as("it does not any more").isEqualTo(RetryBudget.FLOOR);
    }

    @Test
    void aLongSilenceForgetsAll() {
        taken(0.2, 0);
        assertThat(taken(0.2, 1000 * SECOND)).isEqualTo(RetryBudget.FLOOR);
    }
}
