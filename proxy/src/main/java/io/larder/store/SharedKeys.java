package io.larder.store;

import io.larder.policy.CacheKey;
import io.larder.policy.Variants;
import io.larder.policy.VaryKey;
import io.larder.store.redis.Script;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What is shared of one key, as it lies in Redis: a value.
 *
 * <p>In the hash of variants the field of a variant holds its envelope. Where that has chunks, a second field notes which:
 * whoever takes the place of the envelope has to know what he leaves behind.
 *
 * @param variants a hash
 * @param chunk how the name of a chunk begins
 * @param refusals what says that nothing of it can be shared: for everybody, and for requests that tell who asks
 */
record SharedKeys(String variants, String chunk, List<String> refusals) {
    private static final String NOTE = ":chunks"; // behind the name of a field
    private static final int MOST_CHUNKS = 4096; // that a note is believed

    /**
     * KEYS: a hash, what says that nothing of it can be shared. ARGV: field, value, note of its chunks or nothing, life, how
     * many variants. Never shortens the life of what else is there. Where there are too many, some other variant goes,
     * whichever: who asks for it fetches it. What is there and is no hash somebody else has put there: it would be in the way
     * for ever. Else nothing is deleted before the value is there: a server that is full refuses only what begins with that. Answers with the notes of what is no longer there.
     */
    static final Script PUT = Script.of("""
            local gone = {}
            local function leave(field)
              gone[#gone + 1] = redis.call('HGET', KEYS[1], field .. '%1$s') or nil
              redis.call('HDEL', KEYS[1], field .. '%1$s')
            end
            local kind = redis.call('TYPE', KEYS[1]).ok
            if kind ~= 'hash' and kind ~= 'none' then redis.call('DEL', KEYS[1]) end
            local known = redis.call('HEXISTS', KEYS[1], ARGV[1])
            redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
            redis.call('DEL', KEYS[2])
            leave(ARGV[1])
            if ARGV[3] ~= '' then redis.call('HSET', KEYS[1], ARGV[1] .. '%1$s', ARGV[3]) end
            if known == 0 and redis.call('HLEN', KEYS[1]) > tonumber(ARGV[5]) then
              local others = {}
              for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
                if field ~= ARGV[1] and not string.find(field, ':') then others[#others + 1] = field end
              end
              if #others >= tonumber(ARGV[5]) then
                leave(others[1])
                redis.call('HDEL', KEYS[1], others[1])
              end
            end
            if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[4]) then redis.call('PEXPIRE', KEYS[1], ARGV[4]) end
            return gone
            """.formatted(NOTE));

    static SharedKeys of(KeyNames names, CacheKey key) {
        String digest = KeyNames.digest(key);
        return new SharedKeys(names.object(digest), names.chunks(digest), names.unshareable(digest));
    }

    /** The keys of {@link #PUT}. */
    List<String> ofPutting() {
        return List.of(variants, refusals.get(0));
    }

    /** Whether a field of the hash holds an envelope. */
    static boolean isVariant(String field) {
        return field.indexOf(':') < 0;
    }

    /** The names of chunks. */
    List<String> chunks(long generation, int count) {
        List<String> names = new ArrayList<>(count);
        for (int place = 0; place < count; place++) {
            names.add(chunk + Long.toHexString(generation) + ':' + place);
        }
        return names;
    }

    /** What {@link #PUT} is told. */
    static List<byte[]> putting(VaryKey vary, byte[] envelope, long generation, int chunks, Duration life) {
        String note = chunks == 0 ? "" : Long.toHexString(generation) + ' ' + chunks;
        return List.of(
                octets(KeyNames.field(vary)),
                envelope,
                octets(note),
                octets(Long.toString(life.toMillis())),
                octets(Integer.toString(Variants.LIMIT)));
    }

    /** The names of the chunks that {@link #PUT} has answered with. */
    List<String> chunksOf(List<Object> notes) {
        List<String> names = new ArrayList<>();
        for (Object note : notes) {
            names.addAll(chunksOf(new String((byte[]) note, StandardCharsets.US_ASCII)));
        }
        return names;
    }

    private List<String> chunksOf(String note) {
        int space = note.indexOf(' ');
        try {
            long generation = Long.parseUnsignedLong(note, 0, Math.max(0, space), 16);
            int count = Integer.parseInt(note, space + 1, note.length(), 10);
            return chunks(generation, Math.min(count, MOST_CHUNKS));
        } catch (NumberFormatException notOurs) {
            return List.of();
        }
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
