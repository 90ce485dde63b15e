package io.larder.upstream.discovery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * A value: one page of a list of EndpointSlices.
 *
 * @param version of the whole list, opaque: from where a watch goes on
 * @param more by which the next page is asked for; empty after the last
 */
record ListPage(List<Slice> slices, String version, String more) {
    ListPage {
        slices = List.copyOf(slices);
    }

    /** @throws JsonProcessingException when it is something else */
    static ListPage parse(String text) throws JsonProcessingException {
        JsonNode list = WatchEvent.JSON.readTree(text);
        JsonNode metadata = list.path("metadata");
        String version = metadata.path("resourceVersion").asText("");
        if (!list.path("kind").asText("").equals("EndpointSliceList") || version.isEmpty()) {
            throw new NotAList();
        }
        List<Slice> slices = new ArrayList<>();
        list.path("items").forEach(item -> slices.add(Slice.of(item)));
        return new ListPage(slices, version, metadata.path("continue").asText(""));
    }

    private static final class NotAList extends JsonProcessingException {
        NotAList() {
            super("what comes is no EndpointSliceList with a resourceVersion");
        }
    }
}
