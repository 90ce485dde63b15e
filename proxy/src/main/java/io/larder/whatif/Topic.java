package io.larder.whatif;

/** What a step is about. */
enum Topic {
    SITE("site", "which site answers to this host on this listener?"),
    ROUTE("route", "which of its routes takes the request first?"),
    HTTPS("https", "may it be asked for without TLS?"),
    CLAIMS("claims", "what does the request say that only a proxy may say?"),
    ACCESS("access", "is this address let in?"),
    LIMIT("limit", "how often may this client come?"),
    AUTH("auth", "what must the client show?"),
    UPSTREAM("upstream", "which of the route's upstreams is it for?"),
    LOOKUP("lookup", "is the store asked?"),
    KEY("key", "under which key?"),
    STORED("stored", "what is stored there?"),
    ALIKE("alike", "does what is stored by another query answer this one, too?"),
    REUSE("reuse", "what is that good for?"),
    FRAGMENTS("fragments", "what is the page put together from?"),
    ORIGIN("origin", "what is the origin asked?"),
    SERVER("server", "which server is asked?"),
    RESPONSE("response", "what becomes of the response?");

    private final String word;
    private final String asked;

    Topic(String word, String asked) {
        this.word = word;
        this.asked = asked;
    }

    String word() {
        return word;
    }

    String asked() {
        return asked;
    }
}
