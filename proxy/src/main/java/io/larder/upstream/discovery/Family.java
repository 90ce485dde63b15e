package io.larder.upstream.discovery;

/** The two kinds of addresses that a name may have: A and AAAA records. */
public enum Family {
    IPV4,
    IPV6
}
