package io.larder.upstream;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What TLS needs to know about the servers of an upstream, and they about us. Holds the material itself, not where it was
 * read, so that two are equal exactly if they mean the same.
 *
 * @param trust whose certificates are believed
 * @param serverName what servers are asked for and what their certificates have to be for; null for the host of each
 *     one's address, and {@code localhost} in the Unix domain
 * @param identity who we are; null for nobody in particular
 */
public record UpstreamTls(
        Trust trust, @Nullable String serverName, @Nullable Identity identity) {

    /** Whose certificates are believed. */
    public sealed interface Trust {}

    /** Those that the JDK's own authorities stand for. */
    public record JdkAuthorities() implements Trust {}

    /**
     * Those that these authorities stand for.
     *
     * @param pem their certificates
     */
    public record Authorities(String pem) implements Trust {
        @Override
        public String toString() {
            return "Authorities[" + pem.length() + " characters]";
        }
    }

    /**
     * All, whoever shows them and for whatever name: whoever is on the way can read and change everything. Encrypts against
     * listeners only.
     */
    public record Anything() implements Trust {}

    /**
     * A certificate of ours with its key.
     *
     * @param chain PEM, our own certificate first
     * @param key PEM, PKCS #8, not encrypted
     */
    public record Identity(String chain, String key) {
        /** Nothing of the key. */
        @Override
        public String toString() {
            return "Identity[" + chain.length() + " characters, and a key]";
        }
    }

    /**
     * Reads the files and looks whether they are of use. Blocks.
     *
     * @param ca a file of PEM certificates; null for the JDK's own authorities
     * @param verify false for {@link Anything}, whatever {@code ca} says
     * @param certificate a file of PEM certificates, our own first; null for no identity
     * @param key a file with the PEM key of that; null for no identity
     * @throws IllegalArgumentException naming the file and what is wrong with it
     */
    public static UpstreamTls load(
            @Nullable Path ca,
            boolean verify,
            @Nullable String serverName,
            @Nullable Path certificate,
            @Nullable Path key) {
        Trust trust = ca == null ? new JdkAuthorities() : TlsFiles.authorities(ca);
        return new UpstreamTls(verify ? trust : new Anything(), serverName, identity(certificate, key));
    }

    private static @Nullable Identity identity(@Nullable Path certificate, @Nullable Path key) {
        if (certificate == null && key == null) {
            return null;
        }
        if (certificate == null || key == null) {
            throw new IllegalArgumentException("a certificate needs its key, and a key its certificate");
        }
        return TlsFiles.identity(certificate, key);
    }
}
