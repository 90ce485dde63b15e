package io.larder.upstream;

import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import java.time.Duration;

/** What is waited for at the moment, and what it means when that does not come in time. Confined to the exchange's loop. */
final class Patience {
    private final Alarm alarm;
    private final Exchange exchange;
    private Failure.Kind late = Failure.Kind.RESPONSE_TIMEOUT;

    /** @param alarm that rings when it is at an end, see {@link #overdue} */
    Patience(Alarm alarm, Exchange exchange) {
        this.alarm = alarm;
        this.exchange = exchange;
    }

    /** Something has to come {@code within} a time, and before the exchange's deadline; else that is a failure of {@code kind}. */
    void expect(Failure.Kind kind, Duration within) {
        late = kind;
        alarm.set(Alarm.sooner(exchange.loop().nanos() + within.toNanos(), exchange.deadline()));
    }

    /** Only the exchange's own deadline counts now; past it, that is a failure of {@code kind}. */
    void expectNothing(Failure.Kind kind) {
        late = kind;
        alarm.set(exchange.deadline());
    }

    /** Something has to come {@code within} a time, whatever the exchange's deadline: that was for an answer. */
    void expectAnything(Duration within) {
        alarm.set(exchange.loop().nanos() + within.toNanos());
    }

    /** What it means that the alarm rings. */
    Failure overdue() {
        String what = late == Failure.Kind.RESPONSE_TIMEOUT ? "no response in time" : "no progress in time";
        return new Failure(late, what);
    }
}
