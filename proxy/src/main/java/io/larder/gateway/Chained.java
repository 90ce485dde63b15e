package io.larder.gateway;

import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.Source;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Several sources, one after the other, as one; a handful, since each that is empty deepens the stack. Trailers are left out. */
final class Chained implements Source, Source.Sink {
    private final List<Source> sources;
    private int current;
    private @Nullable Sink sink;

    Chained(List<Source> sources) {
        this.sources = List.copyOf(sources);
    }

    @Override
    public void read(Sink asking) {
        if (current == sources.size()) {
            asking.end(Headers.EMPTY);
        } else {
            sink = asking;
            sources.get(current).read(this);
        }
    }

    @Override
    public void cancel() {
        sink = null;
        for (int i = current; i < sources.size(); i++) {
            sources.get(i).cancel();
        }
        current = sources.size();
    }

    @Override
    public void chunk(Bytes bytes) {
        answer().chunk(bytes);
    }

    @Override
    public void end(Headers trailers) {
        current++;
        read(answer());
    }

    @Override
    public void failed(Throwable cause) {
        Sink to = answer();
        cancel();
        to.failed(cause);
    }

    private Sink answer() {
        Sink to = sink;
        sink = null;
        if (to == null) {
            throw new IllegalStateException("nobody asked");
        }
        return to;
    }
}
