package io.larder.scenario;

import java.util.List;

/**
 * A short story of clients, gateway and origins.
 *
 * @param file that tells it
 * @param rfc the section that it is about, or the document of this project
 * @param setting how the gateway is configured for it
 */
record Scenario(String file, String name, String rfc, Setting setting, List<Step> steps) {
    String title() {
        return name + " (" + rfc + ")";
    }

    String place() {
        return file + ", \"" + name + "\"";
    }
}
