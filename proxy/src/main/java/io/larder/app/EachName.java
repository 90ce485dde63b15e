package io.larder.app;

import io.larder.upstream.discovery.Discovery;
import io.larder.upstream.discovery.Found;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Several sources as one, of which each counts for itself: what two of them find alike stays twice. All tell on one loop. */
final class EachName implements Discovery {
    private final List<Discovery> sources;

    EachName(List<Discovery> sources) {
        this.sources = List.copyOf(sources);
    }

    @Override
    public void start(Listener listener) {
        List<List<Found>> heard = new ArrayList<>();
        Set<Integer> failing = new HashSet<>();
        for (int i = 0; i < sources.size(); i++) {
            heard.add(List.of());
        }
        for (int i = 0; i < sources.size(); i++) {
            sources.get(i).start(new Part(i, heard, failing, listener));
        }
    }

    @Override
    public void close() {
        sources.forEach(Discovery::close);
    }

    /** What one of them tells. */
    private record Part(int index, List<List<Found>> heard, Set<Integer> failing, Listener listener)
            implements Listener {
        @Override
        public void found(List<Found> servers) {
            heard.set(index, servers);
            listener.found(heard.stream().flatMap(List::stream).toList());
        }

        @Override
        public void failed(String why) {
            failing.add(index);
            listener.failed(why);
        }

        @Override
        public void recovered() {
            failing.remove(index);
            if (failing.isEmpty()) {
                listener.recovered();
            }
        }
    }
}
