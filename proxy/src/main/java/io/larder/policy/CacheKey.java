package io.larder.policy;

import io.larder.http.Authority;
import io.larder.http.FieldName;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Target;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The primary cache key (RFC 9111 §2): scheme, authority with port, path and query as they are forwarded, and the fields
 * and cookies that the route declares. The method is no part of it: HEAD is answered from what GET stored.
 *
 * <p>A value of separate parts, so that no two requests can meet in one encoding. In the plain case it only points at
 * strings that the request has anyway.
 */
public final class CacheKey implements Comparable<CacheKey> {
    // what is not as requests for the whole have it for everyone; no extras begin with a letter otherwise
    private static final String PARTIAL = "partial";
    private static final String PERSONAL = "personal";
    private static final String OWNER = "owner:";

    private final String scheme;
    private final Authority authority;
    private final String path;
    private final @Nullable String query;
    private final String extras;
    private final int hash;

    private CacheKey(String scheme, Authority authority, String path, @Nullable String query, String extras) {
        this.scheme = scheme;
        this.authority = authority;
        this.path = path;
        this.query = query;
        this.extras = extras;
        int h = path.hashCode();
        h = 31 * h + (query == null ? 1 : query.hashCode());
        h = 31 * h + authority.host().hashCode();
        h = 31 * h + authority.port();
        h = 31 * h + scheme.hashCode();
        this.hash = 31 * h + extras.hashCode();
    }

    /** The key of {@code request}, whose ignored cookies are gone already. */
    public static CacheKey of(KeyRules rules, Request request) {
        Target target = request.target();
        String extras = rules.isPlain() ? "" : extras(rules, request.headers());
        return new CacheKey(
                target.scheme(),
                target.authority().normalised(target.scheme()),
                target.path(),
                KeyQuery.of(rules.query(), target.query()),
                extras);
    }

    /**
     * A key that was taken apart: as its accessors gave them.
     *
     * @param extras see {@link #extras()}
     */
    public static CacheKey of(String scheme, Authority authority, String path, @Nullable String query, String extras) {
        return new CacheKey(scheme, authority, path, query, extras);
    }

    /** The key of a plain GET of {@code target}: what invalidation and purging speak of. */
    public static CacheKey of(KeyRules.Query rules, Target target) {
        Authority authority = target.authority().normalised(target.scheme());
        return new CacheKey(target.scheme(), authority, target.path(), KeyQuery.of(rules, target.query()), "");
    }

    /**
     * Each value with its length before it, {@code -} for one that is absent: nothing a client sends can imitate a border.
     * Of a cookie that comes more than once every value counts, since origins differ in which of them they take.
     */
    private static String extras(KeyRules rules, Headers headers) {
        StringBuilder all = new StringBuilder();
        if (!rules.partition().isEmpty()) {
            append(all.append('@'), rules.partition());
        }
        for (FieldName name : rules.headers()) {
            append(all, headers.all(name)); // line by line: some origins read the first only
        }
        for (String cookie : rules.cookies()) {
            append(all, Cookies.values(headers, cookie));
        }
        return all.toString();
    }

    private static void append(StringBuilder all, List<String> values) {
        if (values.size() > 1) {
            all.append('*').append(values.size()).append(',');
        } else if (values.isEmpty()) {
            append(all, (String) null);
        }
        for (String value : values) {
            append(all, value);
        }
    }

    private static void append(StringBuilder all, @Nullable String value) {
        if (value == null) {
            all.append("-,");
        } else {
            all.append(value.length()).append(':').append(value).append(',');
        }
    }

    public String scheme() {
        return scheme;
    }

    /** Without a port that the scheme implies. */
    public Authority authority() {
        return authority;
    }

    public String path() {
        return path;
    }

    /** What the route's rules leave of the query, without its {@code ?}; null where there is none. */
    public @Nullable String query() {
        return query;
    }

    public String pathAndQuery() {
        return query == null ? path : path + "?" + query;
    }

    /**
     * What else tells it from other keys of its URL: declared fields and cookies, whose it is, whether parts lie under it; in
     * an encoding of its own, empty for none.
     */
    public String extras() {
        return extras;
    }

    /** Whether declared fields or cookies are part of it. */
    public boolean hasExtras() {
        return !extras.isEmpty() && !extras.equals(PARTIAL);
    }

    /** This key under another scheme: a purge of a URL covers both. */
    public CacheKey withScheme(String other) {
        return new CacheKey(other, authority, path, query, extras);
    }

    /**
     * What stands for this key among requests that tell who asks: a response refused to one of them may be shareable for
     * everyone else. Never equal to a key that something is stored under.
     */
    public CacheKey personal() {
        return new CacheKey(scheme, authority, path, query, PERSONAL + extras);
    }

    /** Whether it is the {@link #personal} of another key. */
    public boolean isPersonal() {
        return extras.startsWith(PERSONAL);
    }

    /** The key that this is the {@link #personal} of, or this key where it is none. */
    public CacheKey impersonal() {
        return isPersonal() ? with(extras.substring(PERSONAL.length())) : this;
    }

    /**
     * Whether whole responses are stored under it, for everybody. What is kept {@linkplain #owned for one client} stays on the
     * node that he speaks to, {@linkplain #partial parts} where they are put together.
     */
    public boolean isForAll() {
        return !extras.startsWith(OWNER) && !extras.startsWith(PARTIAL) && !isPersonal();
    }

    /**
     * Where parts of the representations under this key are stored (RFC 9111 §3.3): never equal to a key that a request
     * for the whole has, so that a part can never be taken for it.
     */
    public CacheKey partial() {
        return new CacheKey(scheme, authority, path, query, PARTIAL + extras);
    }

    /**
     * The key under which a {@code private} answer to {@code request} is kept for its client alone; null where the route
     * keeps none, or the request does not tell whose it is.
     *
     * @param shared the key of {@code request}
     */
    public static @Nullable CacheKey owned(CacheRules rules, Request request, CacheKey shared) {
        CacheRules.Personal personal = rules.sharing().personal();
        boolean applies = !rules.sharing().forOne() && rules.sharing().guard() != CacheRules.Guarding.SHADOW;
        String owner = personal == null || !applies ? null : Owner.of(personal.by(), request.headers());
        return owner == null ? null : shared.with(OWNER + owner + ',' + shared.extras);
    }

    /** This key with another query; for telling apart what is asked for in other words. */
    public CacheKey withQuery(String other) {
        return new CacheKey(scheme, authority, path, other, extras);
    }

    /** What all keys of one path have in common. */
    public CacheKey ofPath() {
        return new CacheKey(scheme, authority, path, null, "");
    }

    private CacheKey with(String otherExtras) {
        return new CacheKey(scheme, authority, path, query, otherExtras);
    }

    /** Heap bytes that this key keeps alive. */
    public int weight() {
        int strings =
                authority.host().length() + path.length() + (query == null ? 0 : query.length()) + extras.length();
        return 184 + strings;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CacheKey that
                && hash == that.hash
                && path.equals(that.path)
                && (query == null ? that.query == null : query.equals(that.query))
                && authority.port() == that.authority.port()
                && authority.host().equals(that.authority.host())
                && scheme.equals(that.scheme)
                && extras.equals(that.extras);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** Some total order: lets a hash table stay fast when somebody sends paths whose hashes collide on purpose. */
    @Override
    public int compareTo(CacheKey that) {
        int order = path.compareTo(that.path);
        order = order != 0
                ? order
                : (query == null ? "" : "?" + query).compareTo(that.query == null ? "" : "?" + that.query);
        order = order != 0 ? order : authority.host().compareTo(that.authority.host());
        order = order != 0 ? order : Integer.compare(authority.port(), that.authority.port());
        order = order != 0 ? order : scheme.compareTo(that.scheme);
        return order != 0 ? order : extras.compareTo(that.extras);
    }

    /**
     * A text that no other key has: what is shared with other processes goes by it, so that it changes for none. It holds
     * what clients sent, so that it is not for showing.
     */
    public String identity() {
        return scheme + "://" + authority + pathAndQuery() + (extras.isEmpty() ? "" : " [" + extras + "]");
    }

    /** For people: the URL and, where there is more, something that nearly always differs where that does. What clients sent besides is not shown. */
    @Override
    public String toString() {
        String more = extras.isEmpty() ? "" : " [" + Integer.toHexString(extras.hashCode()) + "]";
        return scheme + "://" + authority + pathAndQuery() + more;
    }
}
