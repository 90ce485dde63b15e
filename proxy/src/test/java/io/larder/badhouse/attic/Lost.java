package io.larder.badhouse.attic;

/** Stands in a room that the house does not have. */
public record Lost(String text) {}
