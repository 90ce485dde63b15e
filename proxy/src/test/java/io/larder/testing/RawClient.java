package io.larder.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A client that sends exactly what it is told and reads exactly what comes, over a real socket. */
public final class RawClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 10_000;

    /** A response as it came: its head's lines, and its content with the framing taken off. */
    public record Answer(int status, List<String> head, String body, String trailers) {
        /** The value of the first field called {@code name}, or "" where there is none. */
        public String field(String name) {
            String prefix = name.toLowerCase(Locale.ROOT) + ":";
            return head.stream()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
                    .map(line -> line.substring(prefix.length()).strip())
                    .findFirst()
                    .orElse("");
        }

        /** Whether it says that the connection ends. */
        public boolean closes() {
            return field("Connection").equalsIgnoreCase("close");
        }
    }

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    public RawClient(InetSocketAddress server) throws IOException {
        this(server, 0);
    }

    /** @param receiveBuffer of the socket in bytes; 0 for the system's choice */
    public RawClient(InetSocketAddress server, int receiveBuffer) throws IOException {
        this.socket = new Socket();
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.connect(server, PATIENCE_MILLIS);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    /** Over a socket that is connected. */
    public RawClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    public RawClient send(String latin1) throws IOException {
        return send(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    public RawClient send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
        return this;
    }

    /** Ends sending; can still read. */
    public RawClient endOutput() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** Leaves with a reset. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    public Answer answer() throws IOException {
        return answer("GET");
    }

    /** The next response, interim or final, to a request with {@code method}. */
    public Answer answer(String method) throws IOException {
        List<String> head = head();
        int status = Integer.parseInt(head.get(0).split(" ", 3)[1]);
        Answer bare = new Answer(status, head, "", "");
        if (method.equals("HEAD") || status < 200 || status == 204 || status == 304) {
            return bare;
        }
        if (bare.field("Transfer-Encoding").equals("chunked")) {
            return chunked(bare);
        }
        String length = bare.field("Content-Length");
        String body = length.isEmpty() ? rest() : latin1(exactly(Integer.parseInt(length)));
        return new Answer(status, head, body, "");
    }

    /** The lines of the next head, up to the empty one. */
    public List<String> head() throws IOException {
        List<String> head = new ArrayList<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            head.add(line);
        }
        return head;
    }

    private Answer chunked(Answer head) throws IOException {
        StringBuilder body = new StringBuilder();
        for (int size = chunkSize(); size > 0; size = chunkSize()) {
            body.append(latin1(exactly(size)));
            line();
        }
        StringBuilder trailers = new StringBuilder();
        for (String line = line(); !line.isEmpty(); line = line()) {
            trailers.append(line).append('\n');
        }
        return new Answer(head.status(), head.head(), body.toString(), trailers.toString());
    }

    private int chunkSize() throws IOException {
        return Integer.parseInt(line(), 16);
    }

    /** Everything until the server ends the connection properly. */
    public String rest() throws IOException {
        return latin1(in.readAllBytes());
    }

    /** Whether the server has ended the connection, one way or the other, without another byte. */
    public boolean isEnded() throws IOException {
        try {
            return in.read() < 0;
        } catch (java.net.SocketException reset) {
            return true;
        }
    }

    /** The next {@code length} bytes. */
    public byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new IOException("the connection ended after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    /** The next line, without its CRLF. */
    public String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("the connection ended inside a line: " + line);
            }
            line.write(b);
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        if (!text.endsWith("\r")) {
            throw new IOException("a line without CR: " + text);
        }
        return text.substring(0, text.length() - 1);
    }

    public InputStream in() {
        return in;
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
