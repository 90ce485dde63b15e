package io.larder.admission;

/** What is made of what a client shows. */
public sealed interface Verdict {
    /** It is good. */
    record Good() implements Verdict {}

    /**
     * It is not, or there is nothing.
     *
     * @param challenge how the client is asked for it ({@code WWW-Authenticate}, RFC 9110 §11.6.1)
     * @param why for the log; nothing of what the client sent
     */
    record Bad(String challenge, String why) implements Verdict {}

    /** That cannot be told now. */
    record Unknown(String why) implements Verdict {}
}
