package io.larder.whatif;

import io.larder.policy.Reason;

/** What a reason means, in half a sentence. */
final class Meaning {
    private Meaning() {}

    static String of(Reason reason) {
        return switch (reason) {
            case FRESH -> "it is fresh";
            case REVALIDATED -> "the origin says that what is stored still holds";
            case STALE_WHILE_REVALIDATE -> "it is stale, and fetched anew behind the client's back";
            case STALE_IF_ERROR -> "the origin answers with an error";
            case STALE_IF_UNREACHABLE -> "the origin cannot be reached";
            case CLIENT_MAX_STALE -> "the client takes what is stale";
            case SOFT_PURGED -> "a soft purge made it stale";
            case URI_MISS -> "nothing is stored under this key";
            case VARY_MISS -> "what is stored was selected by other request fields";
            case PARTIAL_MISS -> "only other parts of it are stored";
            case STALE -> "what is stored is stale";
            case IN_DOUBT -> "a purge of it may have been missed while other nodes were out of reach";
            case NO_CACHE -> "the origin wants to be asked before each use";
            case TOO_OLD -> "what is stored is older than anything may get";
            case CLIENT_NO_CACHE -> "the client wants the origin asked";
            case CLIENT_MAX_AGE -> "the client wants something younger";
            case CLIENT_MIN_FRESH -> "the client wants something that stays fresh for longer";
            case ONLY_IF_CACHED -> "nothing is stored that the client would take, and it forbids to ask the origin";
            case HIT_FOR_MISS -> "the last response under this key could not be shared";
            case ROUTE_OFF -> "the route does not cache";
            case METHOD -> "its method is not answered from a cache";
            case UPGRADE -> "it wants to leave HTTP";
            case REQUEST_CONTENT -> "it has content";
            case RANGE -> "it asks for a part";
            case ORIGIN_CONDITION -> "it has a condition that only the origin can judge";
            case FORM_COOKIE -> "it carries a cookie by which the form that the page may hold could be somebody's";
            case BYPASS_COOKIE -> "it carries a cookie that the route lets pass by";
            case BYPASS_HEADER -> "it carries a field that the route lets pass by";
            case CLIENT_NO_STORE -> "the client forbids to store";
            case GUARD_SHADOW -> "the route only tries the cache out";
            case READ_YOUR_WRITES -> "its client has changed something a moment ago, and is shown what became of it";
            case UNKEYED -> "the origin may see another URL than the key would tell";
            case STORED -> "it may be stored";
            case HEAD -> "the answer to HEAD has no content";
            case PARTIAL -> "it is a part";
            case NOT_MODIFIED -> "it is a 304 to the client's own condition";
            case NOT_FINAL -> "it is no final response";
            case NOT_UNDERSTOOD -> "its status must be understood, and is not";
            case NO_STORE -> "the origin forbids to store it";
            case PRIVATE -> "it is for one client only";
            case AUTHORIZATION -> "the request carried credentials, and the response does not allow to share it";
            case SET_COOKIE -> "it sets a cookie";
            case SESSION_COOKIE -> "the visitor has a session, and nothing explicit says that it is everybody's";
            case GUARD_COOKIE -> "its body holds the value of a cookie that the visitor sent";
            case GUARD_CREDENTIALS -> "its body holds the credentials that the visitor sent";
            case GUARD_FORM -> "its body holds a token against request forgery, which is one visitor's";
            case GUARD_OPAQUE -> "its body cannot be looked into, and the visitor has a session";
            case GUARD_PART -> "a part of a page cannot be looked through";
            case MIN_USES -> "it has not been asked for often enough";
            case VARY_STAR -> "it varies by more than the request";
            case NO_FRESHNESS -> "nothing says for how long it may be used";
            case TOO_LARGE -> "it is larger than what is stored";
            case TOO_MANY_TAGS -> "it has too many tags, or too long ones";
            case TOO_BUSY -> "too many bodies are on their way at once";
            case INCOMPLETE -> "it did not come whole";
            case PURGED -> "it was purged while it was fetched";
        };
    }
}
