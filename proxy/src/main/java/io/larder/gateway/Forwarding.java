package io.larder.gateway;

import io.larder.exchange.Client;
import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.exchange.Handler;
import io.larder.http.Body;
import io.larder.http.FieldNames;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.HeadersBuilder;
import io.larder.http.HopByHop;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.route.Claims;
import io.larder.route.TrustedProxies;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Makes the client's request the one an origin gets: end-to-end fields only, and our own word on who asked for what
 * (RFC 9110 §7.6, RFC 7239). Marks the response as having come this way.
 */
final class Forwarding implements Handler {
    private static final String NAME = " larder";
    private static final int MAX_PASSES = 8; // a chain of gateways is legitimate, a loop is not (RFC 9110 §7.6.3)

    private static final int IDENTITY = 256; // octets that our own fields usually take
    private static final int OWN_LINES = 7;

    /** WSGI and CGI give X_Forwarded_Proto and X-Forwarded-Proto one name: only the hyphenated one is ever meant. */
    private static final char UNDERSCORE = '_';

    private static final FieldNames OURS = FieldNames.of(
            Fields.HOST,
            Fields.VIA,
            Fields.FORWARDED,
            Fields.SURROGATE_CAPABILITY,
            Fields.X_FORWARDED_FOR,
            Fields.X_FORWARDED_HOST,
            Fields.X_FORWARDED_PROTO,
            Fields.X_REQUEST_ID);

    private final Handler next;
    private final HostRule host;
    private final TrustedProxies trusted;
    private final @Nullable String capability;

    /** @param capability what is done to pages on their way back; null for nothing */
    Forwarding(Handler next, HostRule host, TrustedProxies trusted, @Nullable String capability) {
        this.next = next;
        this.host = host;
        this.trusted = trusted;
        this.capability = capability == null ? null : "larder=\"" + capability + '"';
    }

    @Override
    public CompletionStage<Response> handle(Request request, Exchange exchange) {
        if (passes(request.headers()) >= MAX_PASSES) {
            return CompletableFuture.failedFuture(
                    new Failure(Failure.Kind.LOOP_DETECTED, "the request came through here " + MAX_PASSES + " times"));
        }
        int hops = request.is("OPTIONS") ? maxForwards(request.headers()) : -1;
        if (hops == 0) {
            request.body().discard();
            return CompletableFuture.completedFuture(Response.of(200, Headers.EMPTY, Body.none()));
        }
        Headers headers = endToEnd(request, exchange);
        Headers counted = hops < 0 ? headers : headers.with(Fields.MAX_FORWARDS, Integer.toString(hops - 1));
        return next.handle(request.withHeaders(counted), exchange).thenApply(response -> marked(response, exchange));
    }

    /** How many gateways more may pass an OPTIONS on (RFC 9110 §7.6.2); -1 where nothing sensible is said. */
    private static int maxForwards(Headers headers) {
        String value = headers.combined(Fields.MAX_FORWARDS);
        boolean decimal = value != null
                && !value.isEmpty()
                && value.length() <= 9
                && value.chars().allMatch(c -> c >= '0' && c <= '9');
        return decimal ? Integer.parseInt(value) : -1;
    }

    private static int passes(Headers headers) {
        int passes = 0;
        for (String line : headers.all(Fields.VIA)) {
            for (String hop : line.split(",", -1)) {
                passes += hop.strip().endsWith(NAME) ? 1 : 0;
            }
        }
        return passes;
    }

    private Headers endToEnd(Request request, Exchange exchange) {
        Headers received = request.headers();
        boolean believed = trusted.include(exchange.client().peer().getAddress());
        HeadersBuilder out = received.builderFor(IDENTITY, OWN_LINES);
        String hostValue = host.valueFor(request);
        if (hostValue != null) {
            out.add(Fields.HOST, hostValue); // first, as RFC 9110 §7.2 asks
        }
        out.addKept(
                received,
                i -> !OURS.include(received, i)
                        && !HopByHop.always().include(received, i)
                        && !received.nameHas(i, UNDERSCORE)
                        && (believed || !Claims.include(received, i)));
        identify(out, request, exchange, believed);
        if (capability != null) {
            String before = believed ? received.combined(Fields.SURROGATE_CAPABILITY) : null;
            out.add(Fields.SURROGATE_CAPABILITY, appended(before, capability));
        }
        return out.build();
    }

    /** Of the two ways to tell a chain of hops one counts; the other is told anew, with the client that the first one names. */
    private void identify(HeadersBuilder out, Request request, Exchange exchange, boolean believed) {
        Headers received = request.headers();
        Client client = exchange.client();
        String peer = client.literal();
        String authority = request.target().authority().toString();
        TrustedProxies.Source source = believed ? trusted.said(received, peer).source() : TrustedProxies.Source.NONE;
        String behind = client.address().equals(peer) ? null : client.address();
        String via = version(exchange.journal().protocol()) + NAME;
        out.add(Fields.VIA, appended(received.combined(Fields.VIA), via));
        boolean x = source == TrustedProxies.Source.X_FORWARDED;
        out.add(Fields.X_FORWARDED_FOR, appended(x ? received.combined(Fields.X_FORWARDED_FOR) : behind, peer));
        out.add(Fields.X_FORWARDED_PROTO, request.target().scheme());
        String saidHost = believed ? received.first(Fields.X_FORWARDED_HOST) : null;
        if (saidHost != null || !authority.isEmpty()) {
            out.add(Fields.X_FORWARDED_HOST, saidHost != null ? saidHost : authority);
        }
        String element = forwardedElement(peer, authority, request.target().scheme());
        String before = source == TrustedProxies.Source.FORWARDED
                ? received.combined(Fields.FORWARDED)
                : behind == null ? null : "for=" + node(behind);
        out.add(Fields.FORWARDED, appended(before, element));
        String saidId = believed ? received.first(Fields.X_REQUEST_ID) : null;
        out.add(Fields.X_REQUEST_ID, saidId != null ? saidId : exchange.id().toString());
    }

    private static String appended(@Nullable String before, String value) {
        return before == null || before.isEmpty() ? value : before + ", " + value;
    }

    private static String forwardedElement(String peer, String authority, String scheme) {
        String hostPart = authority.isEmpty() ? "" : ";host=\"" + authority + "\"";
        return "for=" + node(peer) + hostPart + ";proto=" + scheme;
    }

    private static String node(String address) {
        return address.indexOf(':') >= 0 ? "\"[" + address + "]\"" : address;
    }

    /** What the client spoke, as Via has it (RFC 9110 §7.6.3); of HTTP/2 the minor version is 0 (§2.5). */
    private static String version(String protocol) {
        return switch (protocol) {
            case "HTTP/3" -> "3.0";
            case "HTTP/2" -> "2.0";
            case "HTTP/1.0" -> "1.0";
            default -> "1.1";
        };
    }

    private static Response marked(Response response, Exchange exchange) {
        String own = exchange.journal().answeredIn() + NAME;
        String via = appended(response.headers().combined(Fields.VIA), own);
        return response.withHeaders(response.headers().with(Fields.VIA, via));
    }
}
