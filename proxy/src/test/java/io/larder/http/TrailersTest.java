package io.larder.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrailersTest {
    /** RFC 9110 §6.5.1: a recipient may merge trailers into the header section, and would believe these. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length",
                "transfer-encoding",
                "HOST",
                "Authorization",
                "Cookie",
                "Set-Cookie",
                "Cache-Control",
                "Vary",
                "Connection",
                "Upgrade",
                "Forwarded",
                "Via",
                "X-Forwarded-For",
                "X-Forwarded-Host",
                "x-forwarded-proto",
                "X-Request-ID"
            })
    void neverPassedOn(String name) {
        assertThat(Trailers.allowed(Headers.of("Checksum", "abc", name, "1"))).isEqualTo(Headers.of("Checksum", "abc"));
    }

    @Test
    void othersPass() {
        Headers grpc = Headers.of("grpc-status", "0", "Server-Timing", "db;dur=53");
        assertThat(Trailers.allowed(grpc)).isEqualTo(grpc);
        assertThat(Trailers.allowed(Headers.EMPTY).isEmpty()).isTrue();
    }
}
