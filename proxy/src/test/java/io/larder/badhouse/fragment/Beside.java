package io.larder.badhouse.fragment;

/** Stands beside {@code policy}. */
public record Beside(String text) {}
