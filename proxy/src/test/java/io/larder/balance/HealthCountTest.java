package io.larder.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthCountTest {
    private final HealthCount rule = new HealthCount(2, 3);

    // p: a check passes, f: it fails; then what the server is after each of them
    @ParameterizedTest
    @CsvSource({
        "p,          u",
        "f,          d",
        "pff,        uuu",
        "pfff,       uuud",
        "pffpfff,    uuuuuud",
        "fp,         dd",
        "fpp,        ddu",
        "fpfpp,      ddddu",
        "pfffppfff,  uuudduuud",
        "fppff,      dduuu"
    })
    void theFirstCheckDecidesAndThenItTakesSeveralInARow(String checks, String expected) {
        HealthCount.State state = HealthCount.UNCHECKED;
        StringBuilder seen = new StringBuilder();
        for (int i = 0; i < checks.length(); i++) {
            state = checks.charAt(i) == 'p' ? rule.passed(state) : rule.failed(state);
            seen.append(HealthCount.isUp(state) ? 'u' : 'd');
        }
        assertThat(seen).hasToString(expected);
    }

    @Test
    void whoHasNotBeenCheckedIsBelievedToBeUp() {
        assertThat(HealthCount.isUp(HealthCount.UNCHECKED)).isTrue();
    }

    @Test
    void refusesNonsense() {
        assertThatThrownBy(() -> new HealthCount(0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new HealthCount(1, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
