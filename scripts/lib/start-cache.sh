# The start cache: what a JVM noted of a rehearsed start, so that later ones need not find it out again (the JDK's AOT
# cache, or class-data sharing before JDK 25). Sourced by scripts/larder, not run.
# A cache belongs to one JDK, one jar and one set of options; all three are in its name, and the JVM checks them too.
# Whatever is wrong with a cache, the JVM starts without it, as silently as it would with one.

# Where caches are kept: $1, if given, else the user's cache directory. Fails where there is no place.
start_cache_directory() {
  if [ -n "${1-}" ]; then
    printf '%s\n' "$1"
  elif [ -n "${XDG_CACHE_HOME-}" ]; then
    printf '%s\n' "$XDG_CACHE_HOME/larder"
  elif [ -n "${HOME-}" ]; then
    printf '%s\n' "$HOME/.cache/larder"
  else
    return 1
  fi
}

# Prints those of the options given that decide how a heap is laid out: a cache fits no other layout.
layout_options() {
  local option
  for option in "$@"; do
    case $option in
      -XX:[+-]Use*GC | -XX:[+-]UseCompressed* | -XX:[+-]UseCompactObjectHeaders | -XX:ObjectAlignmentInBytes=* | \
        -Xmx* | -XX:MaxHeapSize=* | -XX:MaxRAM*) printf '%s ' "$option" ;;
    esac
  done
}

# Succeeds if the user's own options have to do with such caches, rule them out, or reach the JVM by ways that are not
# followed here. What the JDK brings for itself is still used then, as it would not be with a cache that does not fit.
start_cache_forbidden() {
  [ -z "${JDK_JAVA_OPTIONS-}${JAVA_TOOL_OPTIONS-}${_JAVA_OPTIONS-}" ] || return 0
  case " ${LARDER_OPTS-} " in
    *-Xshare* | *SharedArchive* | *ArchiveClasses* | *AOT* | *SharedClassList* | *' @'* | *-XX:Flags=* | *-XX:VMOptionsFile=* | \
      *-module* | *--add-* | *-agent* | *-javaagent* | *StartFlightRecording*) return 0 ;;
  esac
  return 1
}

# Prints the name of the cache for the JDK in $1, the jar $2 and the options $3. Fails if one of them cannot be read.
start_cache_name() {
  local files words
  files=$(stat -L -c '%i.%Y.%s' "$2" "$1/lib/modules" 2>/dev/null) ||
    files=$(stat -L -f '%i.%m.%z' "$2" "$1/lib/modules" 2>/dev/null) || return 1
  words="$(jdk_version "$1")-$files-$3"
  words=${words//[!A-Za-z0-9.+-]/_}
  # A file's name is 255 octets at most; the JVM refuses a cache that is taken for another.
  printf 'start-%s.cache\n' "${words:0:200}"
}

# Succeeds if the JDK in $1 makes AOT caches in one go; older ones make archives of classes.
has_aot_cache() {
  jdk_is_at_least "$1" 25
}

# Succeeds if $1 is a cache and has the checksum that was noted when it was made, which takes some 50 ms to see: a JVM
# believes what it finds in a cache, and crashes where that is spoilt.
is_start_cache() {
  local noted
  [ -s "$1" ] && [ -r "$1.sum" ] || return 1
  noted=$(<"$1.sum")
  [ -n "$noted" ] && [ "$(cksum 2>/dev/null <"$1")" = "$noted" ]
}

# Succeeds if it was tried to make the cache $1 within the last day, and the JVM made none.
cannot_be_cached() {
  [ -e "$1" ] && [ ! -s "$1" ] && [ -z "$(find "$1" -mmin +1440 2>/dev/null)" ]
}

# Succeeds where this process and the gateway share a limit of memory that has no room for a second JVM: whoever sets such
# limits often ends everything in them as soon as one process is over.
memory_is_short() {
  local line group file limit
  [ -r /proc/self/cgroup ] || return 1
  while IFS= read -r line; do
    group=${line#*:*:}
    # Seen from inside a container, the own group is the root.
    case $line in
      0::*) set -- "/sys/fs/cgroup$group/memory.max" /sys/fs/cgroup/memory.max ;;
      *:memory:*) set -- "/sys/fs/cgroup/memory$group/memory.limit_in_bytes" /sys/fs/cgroup/memory/memory.limit_in_bytes ;;
      *) continue ;;
    esac
    for file in "$@"; do
      [ -r "$file" ] && limit=$(<"$file") || continue
      if [ "$limit" != max ] && [ "$limit" -lt 1610612736 ]; then return 0; fi
    done
  done </proc/self/cgroup
  return 1
}

# Sets cache_options to those with which the JDK in $1 uses the cache $2. Mistakes in it are not worth a word.
use_start_cache() {
  if has_aot_cache "$1"; then
    cache_options=("-XX:AOTCache=$2" '-Xlog:aot*=off,cds*=off')
  else
    cache_options=("-XX:SharedArchiveFile=$2" -Xshare:auto '-Xlog:cds*=off')
  fi
}

# Locks file descriptor 8; gives up at once if somebody else has it and $1 is `try`. macOS has perl in place of flock(1).
lock_cache() {
  local how=LOCK_EX
  if command -v flock >/dev/null; then
    if [ "$1" = try ]; then flock -n 8; else flock 8; fi
  else
    [ "$1" = wait ] || how='LOCK_EX | LOCK_NB'
    perl -MFcntl=:flock -e "open my \$lock, '>&=', 8 or die; flock \$lock, $how or exit 1"
  fi
}

# Makes the cache $2 with the JDK in $3 and the jar $4; the rest are the JVM's options. While somebody else makes one
# here, it waits (`wait` in $1) or gives up (`try`). Where the JVM makes none, an empty file is left, so that not every
# start tries again.
make_start_cache() (
  patience=$1 cache=$2 java_home=$3 jar=$4
  shift 4
  directory=${cache%/*}
  umask 077
  mkdir -p "$directory" 2>/dev/null && [ -w "$directory" ] || exit 1
  exec 8>"$directory/start.lock" || exit 1
  lock_cache "$patience" || exit 1
  if is_start_cache "$cache"; then exit 0; fi
  [ ! -d "$cache" ] || exit 1
  new=$directory/start.new
  trap 'rm -f "$new"*' EXIT
  trap 'exit 1' HUP INT TERM
  rm -f "$new"*
  # First to go where memory is short, last to run where processors are.
  { echo 1000 >/proc/self/oom_score_adj; } 2>/dev/null || true
  if has_aot_cache "$java_home"; then how=-XX:AOTCacheOutput=$new; else how=-XX:ArchiveClassesAtExit=$new; fi
  status=0
  nice -n 19 "$java_home/bin/java" "$@" "$how" -jar "$jar" rehearse </dev/null >/dev/null 2>&1 8>&- || status=$?
  if [ "$status" -eq 0 ] && [ -s "$new" ]; then
    cksum <"$new" >"$cache.sum" && mv -f "$new" "$cache" || exit 1
  else
    # Not by emptying what may be there: a gateway may have it mapped.
    : >"$new" && mv -f "$new" "$cache"
    exit 1
  fi
  # What other jars, JDKs and options left behind; four may be in use.
  ls -t "$directory"/start-*.cache | tail -n +5 | while IFS= read -r old; do rm -f "$old" "$old.sum"; done
)
