package io.larder.assembly;

/**
 * How pages are shown to clients.
 *
 * @param surrogateFields whether they see the fields that speak to gateways alone
 * @param fragments whether they are told what a page was put together from
 * @param compress whether text that the origin sent unencoded goes out gzipped, to those who accept it
 */
public record Presentation(boolean surrogateFields, boolean fragments, boolean compress) {}
