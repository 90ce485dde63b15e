package io.larder.exchange;

import java.util.Locale;

/** Why a page has to do without something that it asks for. */
public enum Lack {
    /** Another status than one that brings content. */
    STATUS,
    /** Content that is no text. */
    TYPE,
    /** A content coding that cannot be undone. */
    CODING,
    /** No answer in time. */
    DEADLINE,
    /** More octets than are held. */
    SIZE,
    /** More octets than all fragments of a page may have together. */
    BUDGET,
    /** More fragments within one another than the route allows. */
    DEPTH,
    /** A page within itself. */
    CYCLE,
    /** More fragments than the route allows. */
    COUNT,
    /** A reference to nothing that can be asked for. */
    REFERENCE,
    /** A host that the route does not name. */
    HOST,
    /** A form whose visitor is not known: the page's own route is not about forms. */
    FORM,
    /** The origin, or the way to it, failed. */
    FAILURE,
    /** Markup that means nothing: it stands in the page as it came. */
    MARKUP;

    private final String code = name().toLowerCase(Locale.ROOT);

    /** For metrics and logs. */
    public String code() {
        return code;
    }
}
