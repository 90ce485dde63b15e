package io.larder.telemetry;

import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.exchange.Journal;
import io.larder.exchange.Telemetry;
import io.larder.http.FieldName;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Target;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object a line (RFC 8259). Members without a value are left out. Of the request's fields only Referer and
 * User-Agent are written: never credentials or cookies. Confined to one loop.
 */
final class JsonFormat implements LineFormat {
    private static final byte[] TIME = ascii("{\"time\":\"");
    private static final byte[] ID = ascii("Z\",\"id\":\"");
    private static final byte[] CLIENT = ascii("\",\"client\":\"");
    private static final byte[] METHOD = ascii("\",\"method\":\"");
    private static final byte[] SCHEME = ascii("\",\"scheme\":\"");
    private static final byte[] HOST = ascii("\",\"host\":\"");
    private static final byte[] PATH = ascii("\",\"path\":\"");
    private static final byte[] PROTOCOL = ascii("\",\"protocol\":\"");
    private static final byte[] STATUS = ascii("\",\"status\":");
    private static final byte[] BYTES = ascii(",\"bytes\":");
    private static final byte[] DURATION = ascii(",\"duration_ms\":");
    private static final byte[] SITE = ascii(",\"site\":\"");
    private static final byte[] ROUTE = ascii("\",\"route\":\"");
    private static final byte[] CACHE = ascii("\",\"cache\":\"");
    private static final byte[] REASON = ascii("\",\"reason\":\"");
    private static final byte[] UPSTREAM = ascii("\",\"upstream\":\"");
    private static final byte[] SERVER = ascii("\",\"server\":\"");
    private static final byte[] ATTEMPTS = ascii("\",\"attempts\":");
    private static final byte[] UPSTREAM_TIME = ascii(",\"upstream_ms\":");
    private static final byte[] REFERER = ascii(",\"referer\":\"");
    private static final byte[] USER_AGENT = ascii(",\"user_agent\":\"");
    private static final byte[] ERROR = ascii(",\"error\":\"");
    private static final byte[] END = ascii("}\n");
    private static final String UNDELIVERED = "connection_terminated: the client did not get the whole response";

    private final Timestamp timestamp = Timestamp.rfc3339();

    @Override
    public void write(Line line, Exchange exchange, Request request, Telemetry.Outcome outcome) {
        Journal journal = exchange.journal();
        time(line, exchange.loop().now());
        line.raw(ID).hex(exchange.id().value());
        line.raw(CLIENT).json(journal.client(exchange.client()).address());
        line.raw(METHOD).json(request.method());
        target(line, request.target());
        line.raw(PROTOCOL).json(journal.protocol());
        line.raw(STATUS).number(outcome.status());
        line.raw(BYTES).number(outcome.sent());
        line.raw(DURATION).millis(outcome.nanos());
        line.raw(SITE).json(journal.site()).raw(ROUTE).json(journal.route());
        line.raw(CACHE).json(journal.cache()).raw(REASON).json(journal.reason());
        upstream(line, journal);
        field(line, REFERER, request.headers(), Fields.REFERER);
        field(line, USER_AGENT, request.headers(), Fields.USER_AGENT);
        error(line, journal.failure(), outcome);
        line.raw(END);
    }

    private void time(Line line, Instant now) {
        int millis = (int) Math.floorMod(now.toEpochMilli(), 1000L);
        line.raw(TIME).raw(timestamp.second(now)).raw('.');
        line.raw((char) ('0' + millis / 100)).raw((char) ('0' + millis / 10 % 10));
        line.raw((char) ('0' + millis % 10));
    }

    private static void target(Line line, Target target) {
        line.raw(SCHEME).json(target.scheme());
        line.raw(HOST).json(target.authority().host());
        if (target.authority().port() > 0) {
            line.raw(':').number(target.authority().port());
        }
        line.raw(PATH).json(target.path());
        String query = target.query();
        if (query != null) {
            line.raw('?').json(query);
        }
    }

    private static void upstream(Line line, Journal journal) {
        String upstream = journal.upstream();
        String server = journal.server();
        if (upstream == null || server == null) {
            line.raw('"');
            return;
        }
        line.raw(UPSTREAM).json(upstream).raw(SERVER).json(server);
        line.raw(ATTEMPTS).number(journal.attempts());
        line.raw(UPSTREAM_TIME).millis(journal.upstreamNanos());
    }

    private static void field(Line line, byte[] label, Headers headers, FieldName name) {
        int field = headers.indexOf(name, 0);
        if (field >= 0) {
            line.raw(label).json(headers, field).raw('"');
        }
    }

    private static void error(Line line, @Nullable Failure failure, Telemetry.Outcome outcome) {
        if (failure != null) {
            line.raw(ERROR).json(failure.kind().token()).raw(':').raw(' ').json(failure.detail());
            line.raw('"');
        } else if (!outcome.complete()) {
            line.raw(ERROR).json(UNDELIVERED).raw('"');
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
