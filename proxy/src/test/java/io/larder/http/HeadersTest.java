package io.larder.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Fields that were received, copied, cut and joined are still the fields they were: held against a list of pairs. */
class HeadersTest {
    private static final int RUNS = 20_000;
    private static final String[] NAMES = {"Host", "accept", "Vary", "X-A", "x_b", "Cookie", "ETag"};
    private static final String[] VALUES = {"", "a", "a, b", "\"x y\"", "\u00e9", "gzip;q=0.5"};

    private final Random random = new Random(20261129);

    private record Line(String name, String value) {
        boolean is(FieldName other) {
            return FieldName.of(name).equals(other);
        }
    }

    @Test
    void editsAreThoseOfAListOfLines() throws Malformed {
        for (int run = 0; run < RUNS; run++) {
            List<Line> model = lines();
            Headers headers = received(model);
            for (int edit = random.nextInt(4); edit > 0; edit--) {
                headers = edited(headers, model);
            }
            check(headers, model);
            check(headers.compact(), model);
        }
    }

    private Headers edited(Headers headers, List<Line> model) throws Malformed {
        FieldName name = FieldName.of(any(NAMES));
        String value = any(VALUES);
        return switch (random.nextInt(6)) {
            case 0 -> {
                model.removeIf(line -> line.is(name));
                model.add(new Line(name.toString(), value));
                yield headers.with(name, value);
            }
            case 1 -> {
                model.removeIf(line -> line.is(name));
                yield headers.without(name);
            }
            case 2 -> {
                FieldName other = FieldName.of(any(NAMES));
                model.removeIf(line -> line.is(name) || line.is(other));
                yield headers.without(FieldNames.of(name, other));
            }
            case 3 -> {
                List<Line> more = lines();
                model.addAll(more);
                yield headers.toBuilder().addAll(received(more)).build();
            }
            case 4 -> {
                model.removeIf(line -> line.is(name));
                model.add(new Line(name.toString(), value));
                yield headers.toBuilder().set(name, value).build();
            }
            default -> {
                Headers before = headers;
                model.removeIf(line -> line.value.isEmpty());
                yield headers.keeping(i -> before.valueLength(i) > 0);
            }
        };
    }

    private static void check(Headers headers, List<Line> model) {
        List<Line> found = new ArrayList<>();
        for (int i = 0; i < headers.size(); i++) {
            found.add(new Line(headers.name(i), headers.value(i)));
        }
        assertThat(found).isEqualTo(model);
        for (Line line : model) {
            assertThat(headers.contains(FieldName.of(line.name))).isTrue();
        }
        StringBuilder wire = new StringBuilder();
        model.forEach(
                line -> wire.append(line.name).append(": ").append(line.value).append("\r\n"));
        assertThat(headers.toString()).isEqualTo(wire.toString());
    }

    private List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            lines.add(new Line(any(NAMES), any(VALUES)));
        }
        return lines;
    }

    /** As they may come: with any white space around values (RFC 9112 §5), or as we would write them. */
    private Headers received(List<Line> lines) throws Malformed {
        boolean never = random.nextBoolean();
        StringBuilder head = new StringBuilder("X: before\r\n");
        int start = head.length();
        for (Line line : lines) {
            boolean loose = !never && random.nextBoolean();
            head.append(line.name).append(':');
            head.append(loose ? any(new String[] {"", " ", "\t "}) : " ").append(line.value);
            head.append(loose ? any(new String[] {"", " "}) : "").append("\r\n");
        }
        byte[] octets = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        return HeadParser.fields(octets, start, octets.length, new HeadLimits(8192, 8192, 65536, 100));
    }

    private String any(String[] all) {
        return all[random.nextInt(all.length)];
    }

    @Test
    void compactFieldsKeepNothingElseAlive() {
        Headers slack =
                Headers.of("ETag", "\"a\"", "Vary", "Accept", "X-A", "b").without(FieldName.of("Vary"));
        Headers compact = slack.compact();
        assertThat(compact).isEqualTo(slack);
        assertThat(compact.wire().wireArray()).hasSize(compact.wire().wireLength());
        assertThat(compact.weight()).isLessThan(slack.weight());
        assertThat(compact.compact()).isSameAs(compact);
    }

    /** What a peer makes up in Connection must not cost more than reading it. */
    @Test
    void optionsWithoutALineAreNoNames() {
        String many = "a,".repeat(30_000) + "x-a, a, X-A, @";
        Headers headers = Headers.of("Connection", many, "X-A", "1", "X-B", "2");
        Request request = Request.get(Target.of("http", "h", "/"), headers);
        assertThat(HopByHop.withoutNominated(request).headers()).isEqualTo(Headers.of("Connection", many, "X-B", "2"));
        FieldNames names = HopByHop.nominated(headers);
        assertThat(names.include(headers, 1)).isTrue();
        assertThat(names.include(headers, 2)).isFalse();
        assertThat(names.include(FieldName.of("a"))).isFalse();
        List<FieldName> equal = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            equal.add(FieldName.of("X-A"));
        }
        assertThat(FieldNames.of(equal).include(headers, 1)).isTrue();
    }

    @Test
    void aTabBehindTheColonIsWrittenAsASpace() throws Malformed {
        byte[] head = "X-A:\tv\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        Headers headers = HeadParser.fields(head, 0, head.length, new HeadLimits(8192, 8192, 65536, 100));
        assertThat(headers).hasToString("X-A: v\r\n");
    }

    @Test
    void aSetOfNamesIncludesItsOwnInAnyCase() {
        List<FieldName> all = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            all.add(FieldName.of("X-" + Integer.toString(i * 7919, 36)));
        }
        for (int size : new int[] {0, 1, 2, 3, 7, 8, 100}) {
            FieldNames names = FieldNames.of(all.subList(0, size));
            for (int i = 0; i < all.size(); i++) {
                String written = i % 2 == 0
                        ? all.get(i).toString()
                        : all.get(i).toString().toLowerCase(Locale.ROOT);
                Headers line = Headers.of(written, "v");
                assertThat(names.include(line, 0)).as(written + " of " + size).isEqualTo(i < size);
                assertThat(names.includeAnyOf(line)).isEqualTo(i < size);
                assertThat(names.include(all.get(i))).isEqualTo(i < size);
            }
        }
    }
}
