package io.larder.badhouse.config;

/** Settings as they were written down. */
public record Settings(String text) {}
