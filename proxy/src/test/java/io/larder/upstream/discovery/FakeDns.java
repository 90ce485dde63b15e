package io.larder.upstream.discovery;

import io.netty.util.NetUtil;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** A DNS server by hand (RFC 1035 §4), over UDP and TCP at one port, that says what it is told to. */
final class FakeDns implements AutoCloseable {
    static final int NXDOMAIN = 3;
    static final int SERVFAIL = 2;
    static final int REFUSED = 5;

    private static final int A = 1;
    private static final int CNAME = 5;
    private static final int AAAA = 28;
    private static final int SRV = 33;

    /** One record. */
    static final class Rr {
        private final String name;
        private final int type;
        private final long ttl;
        private final byte[] data;

        Rr(String name, int type, long ttl, byte[] data) {
            this.name = name;
            this.type = type;
            this.ttl = ttl;
            this.data = data;
        }
    }

    /** What is said to a question. */
    sealed interface Reply {
        /** These records; none means that there is such a name with nothing of this type. */
        record Records(List<Rr> all) implements Reply {}

        record Code(int code) implements Reply {}

        record Silence() implements Reply {}

        /** By UDP that it is too long, by TCP the reply. */
        record TooLong(Reply byTcp) implements Reply {}

        /** First datagrams that mean nothing or answer something else, then the reply. */
        record AmongRubbish(Reply reply) implements Reply {}
    }

    private static final class Question {
        private final int id;
        private final String name;
        private final int type;
        private final byte[] bytes; // as it came

        Question(int id, String name, int type, byte[] bytes) {
            this.id = id;
            this.name = name;
            this.type = type;
            this.bytes = bytes;
        }

        String text() {
            String kind = switch (type) {
                case A -> "A";
                case AAAA -> "AAAA";
                case SRV -> "SRV";
                default -> "TYPE" + type;
            };
            return kind + " " + name;
        }
    }

    /** What was asked, e.g. {@code udp A app.}. */
    final List<String> asked = new CopyOnWriteArrayList<>();

    private final Map<String, Reply> zone = new ConcurrentHashMap<>();
    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final Random random = new Random(11);

    FakeDns() throws IOException {
        InetAddress here = InetAddress.getLoopbackAddress();
        ServerSocket stream;
        DatagramSocket datagrams;
        while (true) {
            stream = new ServerSocket(0, 50, here);
            try {
                datagrams = new DatagramSocket(new InetSocketAddress(here, stream.getLocalPort()));
                break;
            } catch (IOException taken) {
                stream.close(); // somebody has this port for datagrams: another
            }
        }
        this.tcp = stream;
        this.udp = datagrams;
        Thread.ofPlatform().daemon().start(this::datagrams);
        Thread.ofPlatform().daemon().start(this::connections);
    }

    InetSocketAddress address() {
        return new InetSocketAddress(tcp.getInetAddress(), tcp.getLocalPort());
    }

    /** With patience enough for a busy machine; who is silent is waited for as long. */
    DnsSettings settings(Family... families) {
        return new DnsSettings(List.of(address()), Duration.ofSeconds(3), Set.of(families));
    }

    /** Says this to a question such as {@code A app.}; a question without a reply is answered with NXDOMAIN. */
    FakeDns says(String question, Reply reply) {
        zone.put(question, reply);
        return this;
    }

    FakeDns forgets(String question) {
        zone.remove(question);
        return this;
    }

    /** Has this host at these addresses, and says so to both kinds of questions. */
    FakeDns host(String name, long ttl, String... addresses) {
        says("A " + name, addresses(name, ttl, A, addresses));
        return says("AAAA " + name, addresses(name, ttl, AAAA, addresses));
    }

    static Reply addresses(String name, long ttl, String... addresses) {
        return addresses(name, ttl, A, addresses);
    }

    private static Reply addresses(String name, long ttl, int type, String... addresses) {
        return new Reply.Records(Stream.of(addresses)
                .map(NetUtil::createByteArrayFromIpAddressString)
                .filter(bytes -> bytes.length == (type == A ? 4 : 16))
                .map(bytes -> new Rr(name, type, ttl, bytes))
                .toList());
    }

    static Reply both(Reply one, Reply other) {
        return new Reply.Records(Stream.of(one, other)
                .flatMap(reply -> ((Reply.Records) reply).all().stream())
                .toList());
    }

    static Reply alias(String name, long ttl, String target) {
        return new Reply.Records(List.of(new Rr(name, CNAME, ttl, wire(target))));
    }

    static Reply service(String name, long ttl, int priority, int weight, int port, String target) {
        byte[] host = wire(target);
        byte[] data = ByteBuffer.allocate(6 + host.length)
                .putShort((short) priority)
                .putShort((short) weight)
                .putShort((short) port)
                .put(host)
                .array();
        return new Reply.Records(List.of(new Rr(name, SRV, ttl, data)));
    }

    private static byte[] wire(String name) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String label : name.split("\\.", -1)) {
            byte[] bytes = label.getBytes(StandardCharsets.US_ASCII);
            if (bytes.length > 0) { // the root's label is written below
                out.write(bytes.length);
                out.writeBytes(bytes);
            }
        }
        out.write(0);
        return out.toByteArray();
    }

    private void datagrams() {
        byte[] buffer = new byte[4096];
        while (!udp.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                udp.receive(packet);
                Question question = question(Arrays.copyOf(buffer, packet.getLength()));
                asked.add("udp " + question.text());
                answer(question, reply(question), packet.getSocketAddress());
            } catch (IOException e) {
                udp.close();
            }
        }
    }

    private void answer(Question question, Reply reply, SocketAddress asker) throws IOException {
        switch (reply) {
            case Reply.Silence silence -> {}
            case Reply.TooLong tooLong -> send(message(question, 0x0200, List.of()), asker);
            case Reply.AmongRubbish(Reply real) -> {
                for (int i = 0; i < 20; i++) {
                    byte[] noise = new byte[random.nextInt(200)];
                    random.nextBytes(noise);
                    send(noise, asker);
                }
                byte[] cut = message(question, 0, ((Reply.Records) real).all());
                send(Arrays.copyOf(cut, 11), asker);
                Question forged = new Question(question.id ^ 0x5555, question.name, question.type, question.bytes);
                send(message(forged, 0, ((Reply.Records) addresses(question.name, 60, "10.6.6.6")).all()), asker);
                answer(question, real, asker);
            }
            case Reply.Records(List<Rr> all) -> send(message(question, 0, all), asker);
            case Reply.Code(int code) -> send(message(question, code, List.of()), asker);
        }
    }

    private void send(byte[] message, SocketAddress to) throws IOException {
        udp.send(new DatagramPacket(message, message.length, to));
    }

    private void connections() {
        while (!tcp.isClosed()) {
            try (Socket socket = tcp.accept()) {
                DataInputStream in = new DataInputStream(socket.getInputStream());
                byte[] bytes = new byte[in.readUnsignedShort()];
                in.readFully(bytes);
                Question question = question(bytes);
                asked.add("tcp " + question.text());
                Reply reply = reply(question) instanceof Reply.TooLong(Reply byTcp) ? byTcp : reply(question);
                byte[] message = message(question, 0, ((Reply.Records) reply).all());
                DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                out.writeShort(message.length);
                out.write(message);
            } catch (IOException e) {
                // the asker has gone, or this server has: the loop's condition tells
            }
        }
    }

    private Reply reply(Question question) {
        return zone.getOrDefault(question.text(), new Reply.Code(NXDOMAIN));
    }

    private static Question question(byte[] message) {
        ByteBuffer in = ByteBuffer.wrap(message);
        int id = in.getShort() & 0xffff;
        in.position(12);
        StringBuilder name = new StringBuilder();
        for (int length = in.get(); length > 0; length = in.get()) {
            byte[] label = new byte[length];
            in.get(label);
            name.append(new String(label, StandardCharsets.US_ASCII)).append('.');
        }
        int type = in.getShort() & 0xffff;
        in.getShort();
        return new Question(
                id, name.toString().toLowerCase(Locale.ROOT), type, Arrays.copyOfRange(message, 12, in.position()));
    }

    /** An answer with the question as it came, so that its spelling is echoed. */
    private static byte[] message(Question question, int flags, List<Rr> records) {
        ByteBuffer out = ByteBuffer.allocate(65535);
        out.putShort((short) question.id).putShort((short) (0x8180 | flags));
        out.putShort((short) 1)
                .putShort((short) records.size())
                .putShort((short) 0)
                .putShort((short) 0);
        out.put(question.bytes);
        for (Rr record : records) {
            byte[] name = wire(record.name);
            out.put(name).putShort((short) record.type).putShort((short) 1);
            out.putInt((int) record.ttl).putShort((short) record.data.length).put(record.data);
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    @Override
    public void close() throws IOException {
        udp.close();
        tcp.close();
    }
}
