package io.larder.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.coherence.Purge;
import io.larder.exchange.Journal;
import io.larder.http.Body;
import io.larder.http.Fields;
import io.larder.policy.CacheRules;
import io.larder.policy.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The reasons that no scenario reaches: what happens while a response is on its way, and what no origin should send. */
class ReasonsReachedTest {
    private static final String[] FRESH = {"Cache-Control", "max-age=60", "ETag", "\"1\""};

    private static Reason reason(Rehearsal rehearsal) {
        Journal last = rehearsal.exchanges.getLast().journal();
        for (Reason reason : Reason.values()) {
            if (reason.code().equals(last.reason())) {
                return reason;
            }
        }
        throw new AssertionError(last.cache() + " " + last.reason());
    }

    @Test
    void aPurgeWhileItIsFetched() {
        Rehearsal rehearsal = new Rehearsal();
        rehearsal.get("/a");
        ScriptedOrigin.Feed body = rehearsal.origin.last().stream(4, FRESH);
        rehearsal.settle();
        rehearsal.store.purge(new Purge.Url("a.example", "/a"));
        body.chunk("gone");
        body.end();
        rehearsal.settle();
        assertThat(reason(rehearsal)).isEqualTo(Reason.PURGED);
    }

    @Test
    void whatMayHaveBeenPurgedIsHeldAgainstTheOrigin() {
        Rehearsal rehearsal = new Rehearsal();
        rehearsal.get("/a");
        rehearsal.origin.last().respond(200, "page", FRESH);
        rehearsal.settle();
        rehearsal.store.purge(List.of(new Purge.All()), Purge.Mode.DOUBT);
        rehearsal.get("/a");
        assertThat(rehearsal.origin.last().request().headers().combined(Fields.IF_NONE_MATCH))
                .isEqualTo("\"1\"");
        rehearsal.origin.last().respond(304, "", FRESH);
        rehearsal.settle();
        assertThat(reason(rehearsal)).isEqualTo(Reason.REVALIDATED);
        rehearsal.get("/a");
        rehearsal.settle();
        assertThat(reason(rehearsal)).isEqualTo(Reason.FRESH);
        rehearsal.store.purge(List.of(new Purge.All()), Purge.Mode.DOUBT);
        rehearsal.get("/a");
        rehearsal.origin.last().respond(200, "changed", FRESH);
        rehearsal.settle();
        assertThat(reason(rehearsal)).isEqualTo(Reason.IN_DOUBT);
    }

    @Test
    void aResponseThatBreaksOff() {
        Rehearsal rehearsal = new Rehearsal();
        rehearsal.get("/a");
        ScriptedOrigin.Feed body = rehearsal.origin.last().stream(4, FRESH);
        rehearsal.settle();
        body.chunk("ha");
        body.fail();
        rehearsal.settle();
        assertThat(reason(rehearsal)).isEqualTo(Reason.INCOMPLETE);
    }

    @Test
    void aResponseThatTurnsOutTooLarge() {
        Rehearsal rehearsal = new Rehearsal(CacheRules.DEFAULTS.withMaxObject(3), 16 << 20);
        rehearsal.get("/a");
        ScriptedOrigin.Feed body = rehearsal.origin.last().stream(Body.UNKNOWN, FRESH);
        rehearsal.settle();
        body.chunk("four");
        body.end();
        rehearsal.settle();
        assertThat(reason(rehearsal)).isEqualTo(Reason.TOO_LARGE);
    }

    @Test
    void moreOnItsWayThanThereIsMemory() {
        Rehearsal rehearsal = new Rehearsal(CacheRules.DEFAULTS, 4);
        rehearsal.get("/a");
        rehearsal.origin.last().respond(200, "large", FRESH);
        rehearsal.settle();
        assertThat(reason(rehearsal)).isEqualTo(Reason.TOO_BUSY);
    }

    @Test
    void moreComesThanThereIsMemory() {
        Rehearsal rehearsal = new Rehearsal(CacheRules.DEFAULTS, 4);
        rehearsal.get("/a");
        ScriptedOrigin.Feed body = rehearsal.origin.last().stream(Body.UNKNOWN, FRESH);
        rehearsal.settle();
        body.chunk("large");
        body.end();
        rehearsal.settle();
        assertThat(reason(rehearsal)).isEqualTo(Reason.TOO_BUSY);
    }

    @Test
    void aStatusThatIsNone() {
        Rehearsal rehearsal = new Rehearsal();
        rehearsal.get("/a");
        rehearsal.origin.last().respond(600, "what?", FRESH);
        rehearsal.settle();
        assertThat(reason(rehearsal)).isEqualTo(Reason.NOT_FINAL);
    }
}
