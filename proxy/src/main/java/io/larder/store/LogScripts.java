package io.larder.store;

import io.larder.store.redis.Script;

/**
 * What Redis does for the log of purges, each at one moment. KEYS: what the log is and who reads it (a hash), the log (a
 * stream).
 *
 * <p>A log belongs to the server process it was begun on. A server that was started anew, or took over, may have lost the
 * last entries without a trace; so its first reader begins another log. So does the first reader of a log that is not all
 * there, be it that the server made room or that somebody else wrote to it. What must not be lost in parts stands in one key.
 *
 * <p>A server that is full refuses what would make it fuller, but not in the middle of a script. Therefore each begins with a
 * command that does not: it is values that fill a server, and purges that must not wait until they are gone.
 */
final class LogScripts {
    /** Leaves {@code epoch}, false where there is no log to be trusted, and {@code last}, {@code now}. */
    private static final String WHICH = """
            local server = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
            local known = redis.call('HMGET', KEYS[1], 'epoch', 'server', 'last')
            local epoch, last = known[1], known[3]
            local newest = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)[1]
            if known[2] ~= server or last ~= (newest and newest[1] or '0-0') then epoch = false end
            local time = redis.call('TIME')
            local now = time[1] * 1000 + math.floor(time[2] / 1000)
            """;

    /** ARGV: an epoch that is distrusted, one to begin if need be, how long keys live. Answers with epoch, floor, last. */
    static final Script JOIN = Script.of(WHICH + """
            if not epoch or epoch == ARGV[1] then
              epoch, last = ARGV[2], '0-0'
              redis.call('DEL', KEYS[1], KEYS[2])
              redis.call('HSET', KEYS[1], 'epoch', epoch, 'server', server, 'born', now, 'floor', '0-0', 'last', last)
            end
            redis.call('PEXPIRE', KEYS[1], ARGV[3])
            return {epoch, redis.call('HGET', KEYS[1], 'floor'), last}
            """);

    /**
     * ARGV: epoch, node, cursor, for how long it lives, how long keys do, how many entries, channel, octets after which no
     * more is read. Answers with floor, last and ids and contents in turns; with nothing where it is another log.
     */
    static final Script SYNC = Script.of(WHICH + """
            if epoch ~= ARGV[1] then return {} end
            for i = 1, 2 do redis.call('PEXPIRE', KEYS[i], ARGV[5]) end
            local node = 'node:' .. ARGV[2]
            local before = redis.call('HGET', KEYS[1], node)
            redis.call('HSET', KEYS[1], node, string.format('%.0f', now + ARGV[4]) .. ' ' .. ARGV[3])
            if not before or string.match(before, ' (.*)') ~= ARGV[3] then
              redis.call('PUBLISH', ARGV[7], ARGV[2])
            end
            local answer = {redis.call('HGET', KEYS[1], 'floor'), last}
            local from, left, octets = ARGV[3], tonumber(ARGV[6]), 0
            while left > 0 and octets < tonumber(ARGV[8]) do
              local some = redis.call('XRANGE', KEYS[2], '(' .. from, '+', 'COUNT', math.min(left, 20))
              if #some == 0 then break end
              for _, entry in ipairs(some) do
                if octets >= tonumber(ARGV[8]) then break end
                answer[#answer + 1] = entry[1]
                answer[#answer + 1] = entry[2][2]
                from, octets = entry[1], octets + #entry[2][2]
              end
              left = left - #some
            end
            return answer
            """);

    /** ARGV: node, channel. Whoever waits for that node looks again. */
    static final Script LEAVE = Script.of("""
            if redis.call('HDEL', KEYS[1], 'node:' .. ARGV[1]) > 0 then redis.call('PUBLISH', ARGV[2], ARGV[1]) end
            return {}
            """);

    /**
     * ARGV: epoch, content, how long an entry is remembered, how many are, how long keys live, channel. Answers with the new
     * id, or nothing where it is another log.
     */
    static final Script APPEND = Script.of(WHICH + """
            if epoch ~= ARGV[1] then return {} end
            redis.call('PEXPIRE', KEYS[1], ARGV[5])
            local id = redis.call('XADD', KEYS[2], '*', 'p', ARGV[2])
            redis.call('PEXPIRE', KEYS[2], ARGV[5])
            redis.call('HSET', KEYS[1], 'last', id)
            local least = string.format('%.0f', math.max(now - ARGV[3], 0))
            local old = redis.call('XREVRANGE', KEYS[2], least, '-', 'COUNT', 1)
            if #old == 0 and redis.call('XLEN', KEYS[2]) > tonumber(ARGV[4]) then
              old = redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', math.ceil(ARGV[4] / 100))
            end
            if #old > 0 then
              local floor = old[#old][1]
              local millis, count = string.match(floor, '(%d+)-(%d+)')
              redis.call('XTRIM', KEYS[2], 'MINID', millis .. '-' .. string.format('%.0f', count + 1))
              redis.call('HSET', KEYS[1], 'floor', floor)
            end
            redis.call('PUBLISH', ARGV[6], id)
            return {id}
            """);

    private static final String UNSETTLED = "math.max(0, redis.call('HGET', KEYS[1], 'born') + ARGV[1] - now + 1)";

    /**
     * ARGV: for how long nodes live. Answers with the epoch, for how long there may be nodes that are not known, and names and
     * cursors in turns.
     */
    static final Script QUORUM = Script.of(WHICH + """
            if not epoch then return {} end
            local answer = {epoch,""" + UNSETTLED + """
            }
            local all = redis.call('HGETALL', KEYS[1])
            for i = 1, #all, 2 do
              local node = string.match(all[i], '^node:(.*)')
              if node then
                local till, cursor = string.match(all[i + 1], '(%d+) (.*)')
                if tonumber(till) < now then
                  redis.call('HDEL', KEYS[1], all[i])
                else
                  answer[#answer + 1] = node
                  answer[#answer + 1] = cursor
                end
              end
            end
            return answer
            """);

    /**
     * ARGV: for how long nodes live, how many entries are counted. Answers with epoch, floor, last, for how long there may be
     * nodes that are not known, and of each that lives its name, its cursor, how many entries it has not read, and for how
     * much longer it lives. Writes nothing.
     */
    static final Script FLEET = Script.of(WHICH + """
            if not epoch then return {} end
            local answer = {epoch, redis.call('HGET', KEYS[1], 'floor'), last,""" + UNSETTLED + """
            }
            local all = redis.call('HGETALL', KEYS[1])
            for i = 1, #all, 2 do
              local node = string.match(all[i], '^node:(.*)')
              local till, cursor = string.match(all[i + 1], '(%d+) (.*)')
              if node and tonumber(till) >= now then
                answer[#answer + 1] = node
                answer[#answer + 1] = cursor
                answer[#answer + 1] = #redis.call('XRANGE', KEYS[2], '(' .. cursor, '+', 'COUNT', ARGV[2])
                answer[#answer + 1] = till - now
              end
            end
            return answer
            """);

    private LogScripts() {}
}
