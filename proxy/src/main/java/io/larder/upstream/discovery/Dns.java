package io.larder.upstream.discovery;

import java.net.InetAddress;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** DNS as its one user sees it: asked on a loop, answers on that loop, never fails otherwise than by an {@link Answer}. */
interface Dns {
    /** The kinds of addresses that are of use here. */
    Set<Family> families();

    /** The addresses of one family. */
    CompletionStage<Answer<InetAddress>> addresses(Question question);

    /** The SRV records of {@code name}. */
    CompletionStage<Answer<Service>> services(String name);
}
