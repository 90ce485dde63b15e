package io.larder.telemetry;

import io.larder.exchange.Exchange;
import io.larder.exchange.Telemetry;
import io.larder.http.FieldName;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.Request;
import java.nio.charset.StandardCharsets;

/** Apache's combined format. Nobody is authenticated here, so both names are "-". Confined to one loop. */
final class CombinedFormat implements LineFormat {
    private static final byte[] NOBODY = ascii(" - - [");

    private final Timestamp timestamp = Timestamp.apache();

    @Override
    public void write(Line line, Exchange exchange, Request request, Telemetry.Outcome outcome) {
        line.quoted(exchange.journal().client(exchange.client()).address()).raw(NOBODY);
        line.raw(timestamp.second(exchange.loop().now())).raw(']').raw(' ').raw('"');
        line.quoted(request.method()).raw(' ').quoted(request.target().path());
        String query = request.target().query();
        if (query != null) {
            line.raw('?').quoted(query);
        }
        line.raw(' ').quoted(exchange.journal().protocol()).raw('"').raw(' ');
        line.number(outcome.status()).raw(' ');
        if (outcome.sent() == 0) {
            line.raw('-');
        } else {
            line.number(outcome.sent());
        }
        field(line, request.headers(), Fields.REFERER);
        field(line, request.headers(), Fields.USER_AGENT);
        line.raw('\n');
    }

    private static void field(Line line, Headers headers, FieldName name) {
        line.raw(' ').raw('"');
        int field = headers.indexOf(name, 0);
        if (field < 0) {
            line.raw('-');
        } else {
            line.quoted(headers, field);
        }
        line.raw('"');
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
