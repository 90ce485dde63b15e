package io.larder.server.stream;

/** The end of an answer to what never became a request: nobody reads the rest of that (RFC 9113 §8.1, RFC 9114 §4.1). */
record Refusal(RequestStream stream) implements RequestStream.End {
    @Override
    public void written() {
        stream.reset(RequestStream.Fault.NONE);
    }

    @Override
    public void broken(Throwable cause) {
        stream.reset(RequestStream.Fault.INTERNAL);
    }
}
