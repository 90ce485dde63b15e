package io.larder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CacheStatusTest {

    @Test
    void hits() { // RFC 9211 §2.1, §2.3
        assertThat(CacheStatus.hit(Reason.FRESH, 55)).isEqualTo("larder; hit; ttl=55");
        assertThat(CacheStatus.hit(Reason.STALE_WHILE_REVALIDATE, -3))
                .isEqualTo("larder; hit; ttl=-3; detail=stale-while-revalidate");
    }

    @Test
    void forwarded() { // RFC 9211 §2.2, §2.4 to §2.6
        assertThat(CacheStatus.forwarded(Reason.URI_MISS)
                        .answered(200)
                        .storedFor(60)
                        .value())
                .isEqualTo("larder; fwd=uri-miss; fwd-status=200; stored; ttl=60");
        assertThat(CacheStatus.forwarded(Reason.VARY_MISS)
                        .answered(200)
                        .collapsedOnto()
                        .value())
                .isEqualTo("larder; fwd=vary-miss; fwd-status=200; collapsed");
        assertThat(CacheStatus.forwarded(Reason.URI_MISS)
                        .answered(200)
                        .notStored(Reason.SET_COOKIE)
                        .value())
                .isEqualTo("larder; fwd=uri-miss; fwd-status=200; detail=set-cookie");
        assertThat(CacheStatus.forwarded(Reason.METHOD).value()).isEqualTo("larder; fwd=method");
        assertThat(CacheStatus.forwarded(Reason.BYPASS_COOKIE).value())
                .isEqualTo("larder; fwd=bypass; detail=bypass-cookie");
        assertThat(CacheStatus.forwarded(Reason.STALE)
                        .answered(304)
                        .storedFor(2)
                        .value())
                .isEqualTo("larder; fwd=stale; fwd-status=304; stored; ttl=2");
        assertThat(CacheStatus.forwarded(Reason.NO_CACHE)
                        .answered(304)
                        .storedFor(0)
                        .value())
                .isEqualTo("larder; fwd=stale; fwd-status=304; stored; ttl=0; detail=no-cache");
        assertThat(CacheStatus.forwarded(Reason.CLIENT_NO_CACHE).value())
                .isEqualTo("larder; fwd=request; detail=client-no-cache");
    }

    @Test
    void theReasonThatMattersMost() {
        CacheStatus.Forwarded miss = CacheStatus.forwarded(Reason.URI_MISS).answered(200);
        assertThat(miss.reason()).isEqualTo(Reason.URI_MISS);
        assertThat(miss.notStored(Reason.PRIVATE).reason()).isEqualTo(Reason.PRIVATE);
        assertThat(miss.notStored(Reason.PRIVATE).storedFor(1).reason()).isEqualTo(Reason.URI_MISS);
    }

    @ParameterizedTest
    @EnumSource
    void everyReasonHasACodeOfItsOwnAndASource(Reason reason) {
        assertThat(reason.code()).matches("[a-z]+(-[a-z]+)*");
        assertThat(reason.source()).isNotBlank();
        assertThat(CacheStatus.fwd(reason))
                .isIn("method", "uri-miss", "vary-miss", "miss", "partial", "request", "stale", "bypass");
        assertThat(Arrays.stream(Reason.values()).filter(r -> r.code().equals(reason.code())))
                .containsExactly(reason);
    }
}
