package io.larder.upstream.discovery;

/** A value: for which addresses of which host DNS is asked. */
record Question(String name, Family family) {}
