package io.larder.gateway;

import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.FieldName;
import io.larder.http.Headers;
import io.larder.http.Pump;
import io.larder.http.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A client that reads as it is told and remembers what it got. */
final class Collector implements Pump.Taker {
    private final List<Bytes> chunks = new ArrayList<>();
    private final boolean slow;
    private @Nullable Pump pump;
    private boolean broken;

    @Nullable
    Response response;

    @Nullable
    Throwable error;

    boolean ended;

    private Collector(boolean slow) {
        this.slow = slow;
    }

    /** Reads whatever comes. */
    static Collector of(CompletionStage<Response> answer) {
        return new Collector(false).await(answer);
    }

    /** Reads a chunk each time it is told to. */
    static Collector slow(CompletionStage<Response> answer) {
        return new Collector(true).await(answer);
    }

    private Collector await(CompletionStage<Response> answer) {
        answer.whenComplete((got, failure) -> {
            error = failure;
            if (got != null) {
                response = got;
                begin(got.body());
            }
        });
        return this;
    }

    private void begin(Body body) {
        switch (body) {
            case Body.Whole(Bytes bytes) -> {
                chunks.add(bytes);
                ended = true;
            }
            case Body.Live live -> {
                pump = new Pump(live.source(), this);
                if (!slow) {
                    pump.resume();
                }
            }
        }
    }

    void readOn() {
        if (pump != null) {
            pump.resume();
        }
    }

    void leave() {
        if (pump != null) {
            pump.cancel();
        }
    }

    /** From now on it throws when a chunk comes. */
    void breakOnChunk() {
        broken = true;
    }

    String text() {
        return octets().toUtf8();
    }

    /** The longest piece that came at once, in octets. */
    long longest() {
        return chunks.stream().mapToLong(Bytes::length).max().orElse(0);
    }

    Bytes octets() {
        return Bytes.concat(chunks);
    }

    /** The length of the body, as it was declared. */
    long length() {
        return response == null ? Body.UNKNOWN : response.body().length();
    }

    int status() {
        return response == null ? 0 : response.status();
    }

    /** The value of a field, wherever in the response it stands; empty where it does not. */
    String field(String name) {
        if (response == null) {
            return "";
        }
        Headers all = response.headers().toBuilder().addAll(response.added()).build();
        String value = all.combined(FieldName.of(name));
        return value == null ? "" : value;
    }

    @Override
    public boolean chunk(Bytes bytes) {
        if (broken) {
            throw new IllegalStateException("a bug in this client");
        }
        chunks.add(bytes);
        return !slow;
    }

    @Override
    public void end(Headers trailers) {
        ended = true;
    }

    @Override
    public void failed(Throwable cause) {
        error = cause;
    }
}
