package io.larder.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class FailureTest {
    @Test
    void aBugIsAnInternalFailureThatKeepsItsCause() {
        IllegalStateException bug = new IllegalStateException("odd");
        Failure failure = Failure.of(new CompletionException(new CompletionException(bug)));
        assertThat(failure.kind()).isEqualTo(Failure.Kind.INTERNAL);
        assertThat(failure.detail()).contains("odd");
        assertThat(failure.isUnsent()).isFalse();
        assertThat(failure).hasCause(bug);
    }

    @Test
    void aFailureIsItself() {
        Failure failure = new Failure(Failure.Kind.CONNECTION_REFUSED, "nobody there", true);
        assertThat(Failure.of(new CompletionException(failure))).isSameAs(failure);
        assertThat(failure.isUnsent()).isTrue();
    }
}
