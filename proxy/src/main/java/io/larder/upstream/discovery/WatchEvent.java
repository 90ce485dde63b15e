package io.larder.upstream.discovery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** One line of a watch. */
sealed interface WatchEvent {
    /** Reads; writes nothing. */
    ObjectMapper JSON = new ObjectMapper();

    /** A slice is new, or has changed. */
    record Put(Slice slice, String version) implements WatchEvent {}

    /** A slice is no more. */
    record Deleted(String name, String version) implements WatchEvent {}

    /** Nothing has happened up to this version. */
    record Bookmark(String version) implements WatchEvent {}

    /** The watch is over, with a status as of HTTP. */
    record Over(int code, String message) implements WatchEvent {}

    /** What this reader does not know, or cannot read. */
    record Strange(String why) implements WatchEvent {}

    /** Reads a line; never fails. */
    static WatchEvent parse(String line) {
        try {
            JsonNode event = JSON.readTree(line);
            JsonNode object = event.path("object");
            JsonNode metadata = object.path("metadata");
            String version = metadata.path("resourceVersion").asText("");
            String type = event.path("type").asText("");
            return switch (type) {
                case "ERROR" ->
                    new Over(object.path("code").asInt(), object.path("message").asText(""));
                case "ADDED", "MODIFIED", "DELETED", "BOOKMARK" ->
                    version.isEmpty()
                            ? new Strange("an event without a resourceVersion")
                            : event(type, object, version);
                default -> new Strange("an event of type '" + type + "'");
            };
        } catch (JsonProcessingException e) {
            return new Strange("a line that is no JSON: " + e.getOriginalMessage());
        }
    }

    private static WatchEvent event(String type, JsonNode object, String version) {
        return switch (type) {
            case "DELETED" -> new Deleted(object.path("metadata").path("name").asText(), version);
            case "BOOKMARK" -> new Bookmark(version);
            default -> new Put(Slice.of(object), version);
        };
    }
}
