package io.larder.policy;

import io.larder.http.FieldList;
import io.larder.http.FieldName;
import io.larder.http.FieldNames;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.Request;
import java.util.List;

/** Whether the store is asked about a request at all (RFC 9111 §4). */
public sealed interface Lookup {
    /** It is, and what comes back from the origin may be stored. */
    enum Allowed implements Lookup {
        YES
    }

    /** It goes to the origin as it is; the response is neither shared nor stored. */
    record Bypass(Reason reason) implements Lookup {}

    /** Fields by which clients that can only send GET and POST ask for other methods. */
    FieldNames METHOD_OVERRIDES = FieldNames.of(
            FieldName.of("X-HTTP-Method-Override"), FieldName.of("X-HTTP-Method"), FieldName.of("X-Method-Override"));

    /** Decides for {@code request}, whose ignored cookies are gone already. */
    static Lookup of(CacheRules rules, Request request) {
        Headers headers = request.headers();
        if (!request.is("GET") && !request.is("HEAD")) {
            return new Bypass(Reason.METHOD);
        }
        // content of a GET has no defined meaning, yet it may change the answer (RFC 9110 §9.3.1)
        if (request.body().length() != 0) {
            return new Bypass(Reason.REQUEST_CONTENT);
        }
        // frameworks make another method of it, which no key tells
        if (METHOD_OVERRIDES.includeAnyOf(headers)) {
            return new Bypass(Reason.METHOD);
        }
        if (headers.contains(Fields.UPGRADE) && leavesHttp(headers)) {
            return new Bypass(Reason.UPGRADE);
        }
        // conditions that only an origin can evaluate (RFC 9111 §4.3.2)
        if (headers.contains(Fields.IF_MATCH) || headers.contains(Fields.IF_UNMODIFIED_SINCE)) {
            return new Bypass(Reason.ORIGIN_CONDITION);
        }
        return byRules(rules, headers);
    }

    private static Lookup byRules(CacheRules rules, Headers headers) {
        List<FieldName> names = rules.bypass().headers();
        for (int i = 0; i < names.size(); i++) { // an iterator would be an object for each request
            if (headers.contains(names.get(i))) {
                return new Bypass(Reason.BYPASS_HEADER);
            }
        }
        Reason cookie = rules.bypassOf(headers);
        if (cookie != null) {
            return new Bypass(cookie);
        }
        if (rules.clientDirectives() && ClientDirectives.forbidStorage(headers)) {
            return new Bypass(Reason.CLIENT_NO_STORE);
        }
        return Allowed.YES;
    }

    /** An offer of HTTP/2 in clear text is no handshake: it may be left unanswered (RFC 9113 §3.1). */
    private static boolean leavesHttp(Headers headers) {
        List<String> protocols = FieldList.of(headers, Fields.UPGRADE);
        return !protocols.stream().allMatch("h2c"::equalsIgnoreCase);
    }
}
