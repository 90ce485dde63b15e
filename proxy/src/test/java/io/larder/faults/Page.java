package io.larder.faults;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The pages of the site: each path shows by its beginning what its page is like. */
final class Page {
    static final String HOST = "shop.test";

    /** As a tag or by their own URL these are purged, so that nobody may see the old content afterwards. */
    static final List<String> PLAIN = paths("/p/", 24);

    /** What their origin answers it has thought about for a while: it is old by then. */
    static final List<String> SLOW = paths("/slow/", 3);

    /** Too large for one value in Redis. */
    static final List<String> LARGE = paths("/large/", 2);

    /** Are purged softly: old content may be seen while the new is fetched. */
    static final List<String> SOFT = paths("/soft/", 4);

    /** All that are purged in whichever way. */
    static final List<String> PUBLISHED =
            Stream.of(PLAIN, SLOW, LARGE, SOFT).flatMap(List::stream).toList();

    /** All whose purges are hard. */
    static final List<String> HARD =
            Stream.of(PLAIN, SLOW, LARGE).flatMap(List::stream).toList();

    private static final int GROUPS = 4;
    private static final int SMALL_LINES = 8;
    private static final int LARGE_LINES = 25_000;

    private Page() {}

    private static List<String> paths(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(n -> prefix + n).toList();
    }

    /** One that is read often, or now and then a large one, or one that nobody has asked for before. */
    static String any(Random random) {
        int chance = random.nextInt(1000);
        if (chance < 100) {
            return "/new/" + Long.toHexString(random.nextLong());
        }
        if (chance < 140) {
            return pick(SOFT, random);
        }
        return pick(chance < 143 ? LARGE : PLAIN, random);
    }

    static String pick(List<String> paths, Random random) {
        return paths.get(random.nextInt(paths.size()));
    }

    static boolean isSlow(String path) {
        return path.startsWith("/slow/");
    }

    static String url(String path) {
        return "http://" + HOST + path;
    }

    /** The tag that a page shares with others. */
    static String group(String path) {
        return "group-" + path.charAt(path.length() - 1) % GROUPS;
    }

    /** All hard pages that carry the tag. */
    static List<String> ofGroup(String tag) {
        return HARD.stream().filter(path -> group(path).equals(tag)).toList();
    }

    /** What the page says in a version: nothing of another version could be taken for a part of it. */
    static String text(String path, long version) {
        return (path + " is in version " + version + "\n")
                .repeat(path.startsWith("/large/") ? LARGE_LINES : SMALL_LINES);
    }

    /** Of a text, the version; -1 where it is not the whole text of one version of the page. */
    static long version(String path, String text) {
        String before = path + " is in version ";
        int end = text.indexOf('\n');
        if (end < 0 || !text.startsWith(before)) {
            return -1;
        }
        long version = Long.parseLong(text.substring(before.length(), end));
        return text.equals(text(path, version)) ? version : -1;
    }
}
