;; The two loops over the bytes of a line that JavaScript does too slowly. What they mean and where things lie in the
;; memory is said in line-memory.ts, which is all that calls them. `npm run wasm` writes line-memory-code.ts from this
;; text; a test compares the two.
(module
  (import "line" "memory" (memory 1))

  ;; Where `index` puts its lists; the line itself begins at 0.
  (global $quotes (import "line" "quotes") i32)
  (global $escapes (import "line" "escapes") i32)
  (global $hits (import "line" "hits") i32)
  (global $hitsEnd (import "line" "hitsEnd") i32)

  ;; How many escapes the last `index` listed.
  (global $escaped (export "escaped") (mut i32) (i32.const 0))
  ;; Whether that line has bytes beyond ASCII, and control characters.
  (global $wide (export "wide") (mut i32) (i32.const 0))
  (global $controls (export "controls") (mut i32) (i32.const 0))

  ;; One bit for each of the 64 bytes at $at that equals $byte.
  (func $same (param $at i32) (param $byte v128) (result i64)
    (i64.or
      (i64.or
        (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (v128.load (local.get $at)) (local.get $byte))))
        (i64.shl
          (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (v128.load offset=16 (local.get $at)) (local.get $byte))))
          (i64.const 16)))
      (i64.or
        (i64.shl
          (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (v128.load offset=32 (local.get $at)) (local.get $byte))))
          (i64.const 32))
        (i64.shl
          (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (v128.load offset=48 (local.get $at)) (local.get $byte))))
          (i64.const 48)))))

  ;; Writes the place of each bit of $bits, plus $base, from $into on; gives where the next one goes.
  (func $list (param $bits i64) (param $base i32) (param $into i32) (result i32)
    (block $done
      (loop $more
        (br_if $done (i64.eqz (local.get $bits)))
        (i32.store (local.get $into)
          (i32.add (local.get $base) (i32.wrap_i64 (i64.ctz (local.get $bits)))))
        (local.set $into (i32.add (local.get $into) (i32.const 4)))
        (local.set $bits (i64.and (local.get $bits) (i64.sub (local.get $bits) (i64.const 1))))
        (br $more)))
    (local.get $into))

  ;; Lists the quotes without a backslash before them (an even run of backslashes counts as none), and the letters u
  ;; and slashes with one, of the line of $size bytes; each place plus $base. Gives how many quotes.
  (func (export "index") (param $size i32) (param $base i32) (result i32)
    (local $at i32) (local $into i32) (local $escapesInto i32)
    (local $found i64) (local $slashes i64) (local $escaped i64) (local $before i64)
    (local $after i64) (local $odd i64) (local $sum i64)
    (local $all v128) (local $least v128)
    (local.set $least (i8x16.splat (i32.const 0x20)))
    ;; Blanks after the line, so that nothing left there by a longer one is seen.
    (v128.store (local.get $size) (i8x16.splat (i32.const 0x20)))
    (v128.store offset=16 (local.get $size) (i8x16.splat (i32.const 0x20)))
    (v128.store offset=32 (local.get $size) (i8x16.splat (i32.const 0x20)))
    (v128.store offset=48 (local.get $size) (i8x16.splat (i32.const 0x20)))
    (local.set $into (global.get $quotes))
    (local.set $escapesInto (global.get $escapes))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $size)))
        (local.set $all
          (v128.or (local.get $all)
            (v128.or
              (v128.or (v128.load (local.get $at)) (v128.load offset=16 (local.get $at)))
              (v128.or (v128.load offset=32 (local.get $at)) (v128.load offset=48 (local.get $at))))))
        (local.set $least
          (i8x16.min_u (local.get $least)
            (i8x16.min_u
              (i8x16.min_u (v128.load (local.get $at)) (v128.load offset=16 (local.get $at)))
              (i8x16.min_u (v128.load offset=32 (local.get $at)) (v128.load offset=48 (local.get $at))))))
        (local.set $found (call $same (local.get $at) (i8x16.splat (i32.const 0x22))))
        (local.set $slashes (call $same (local.get $at) (i8x16.splat (i32.const 0x5c))))
        (if (i64.ne (i64.or (local.get $slashes) (local.get $before)) (i64.const 0))
          (then
            ;; A backslash escaped itself escapes nothing: of each run, those at even distance from its start count.
            (local.set $slashes (i64.and (local.get $slashes) (i64.xor (local.get $before) (i64.const -1))))
            (local.set $after (i64.or (i64.shl (local.get $slashes) (i64.const 1)) (local.get $before)))
            (local.set $odd
              (i64.and
                (i64.and (local.get $slashes) (i64.const 0xaaaaaaaaaaaaaaaa))
                (i64.xor (local.get $after) (i64.const -1))))
            (local.set $sum (i64.add (local.get $odd) (local.get $slashes)))
            (local.set $before (i64.extend_i32_u (i64.lt_u (local.get $sum) (local.get $slashes))))
            (local.set $escaped
              (i64.and
                (i64.xor (i64.const 0x5555555555555555) (i64.shl (local.get $sum) (i64.const 1)))
                (local.get $after)))
            (local.set $found (i64.and (local.get $found) (i64.xor (local.get $escaped) (i64.const -1))))
            (local.set $escapesInto
              (call $list
                (i64.and
                  (i64.or
                    (call $same (local.get $at) (i8x16.splat (i32.const 0x75)))
                    (call $same (local.get $at) (i8x16.splat (i32.const 0x2f))))
                  (local.get $escaped))
                (i32.add (local.get $base) (local.get $at))
                (local.get $escapesInto)))))
        (local.set $into
          (call $list (local.get $found) (i32.add (local.get $base) (local.get $at)) (local.get $into)))
        (local.set $at (i32.add (local.get $at) (i32.const 64)))
        (br $next)))
    (global.set $wide (i32.ne (i8x16.bitmask (local.get $all)) (i32.const 0)))
    (global.set $controls
      (v128.any_true (i8x16.lt_u (local.get $least) (i8x16.splat (i32.const 0x20)))))
    (global.set $escaped
      (i32.shr_u (i32.sub (local.get $escapesInto) (global.get $escapes)) (i32.const 2)))
    (i32.shr_u (i32.sub (local.get $into) (global.get $quotes)) (i32.const 2)))

  ;; What a scan is about: the span, whether it is the inside of a JSON string, where the next id goes.
  (global $start (mut i32) (i32.const 0))
  (global $end (mut i32) (i32.const 0))
  (global $isEscaped (mut i32) (i32.const 0))
  (global $into (mut i32) (i32.const 0))
  ;; Set when an id found no room.
  (global $isFull (mut i32) (i32.const 0))

  ;; Whether the byte at $at is the second of an escape: an odd run of backslashes stands before it.
  (func $follows (param $at i32) (result i32)
    (local $slash i32)
    (local.set $slash (local.get $at))
    (block $counted
      (loop $back
        (br_if $counted (i32.le_s (local.get $slash) (global.get $start)))
        (br_if $counted
          (i32.ne (i32.load8_u (i32.sub (local.get $slash) (i32.const 1))) (i32.const 0x5c)))
        (local.set $slash (i32.sub (local.get $slash) (i32.const 1)))
        (br $back)))
    (i32.and (i32.sub (local.get $at) (local.get $slash)) (i32.const 1)))

  ;; Whether the literal (its record at $literal) stands at $at, without the case of ASCII letters, and does not begin
  ;; in the middle of an escape: then its id is listed.
  (func $verify (param $at i32) (param $literal i32)
    (local $left i32) (local $text i32) (local $wanted i32) (local $bytes v128) (local $mask i32) (local $letter i32)
    (local.set $left (i32.load offset=4 (local.get $literal)))
    (local.set $wanted (i32.add (local.get $literal) (i32.const 16)))
    (local.set $text (local.get $at))
    (loop $more
      (local.set $bytes (v128.load (local.get $text)))
      (local.set $mask
        (i32.xor
          (i8x16.bitmask
            (i8x16.eq
              (v128.or (local.get $bytes)
                (v128.and
                  (i8x16.lt_u (i8x16.sub (local.get $bytes) (i8x16.splat (i32.const 0x41))) (i8x16.splat (i32.const 26)))
                  (i8x16.splat (i32.const 0x20))))
              (v128.load (local.get $wanted))))
          (i32.const 0xffff)))
      (if (i32.lt_u (local.get $left) (i32.const 16))
        (then
          ;; Of the last sixteen only those count that the literal has.
          (local.set $mask
            (i32.and (local.get $mask)
              (i32.sub (i32.shl (i32.const 1) (local.get $left)) (i32.const 1))))))
      (if (local.get $mask) (then (return)))
      (if (i32.gt_u (local.get $left) (i32.const 16))
        (then
          (local.set $left (i32.sub (local.get $left) (i32.const 16)))
          (local.set $text (i32.add (local.get $text) (i32.const 16)))
          (local.set $wanted (i32.add (local.get $wanted) (i32.const 16)))
          (br $more))))
    (if (global.get $isEscaped)
      (then
        (if (call $follows (local.get $at)) (then (return)))
        ;; Nor on one of the four digits of an escaped unit: the u would stand one to four bytes before.
        (local.set $letter
          (select
            (i32.sub (local.get $at) (i32.const 4))
            (global.get $start)
            (i32.gt_s (i32.sub (local.get $at) (i32.const 4)) (global.get $start))))
        (loop $unit
          (if
            (i32.and
              (i32.gt_s (local.get $letter) (global.get $start))
              (i32.eq (i32.load8_u (local.get $letter)) (i32.const 0x75)))
            (then (if (call $follows (local.get $letter)) (then (return)))))
          (local.set $letter (i32.add (local.get $letter) (i32.const 1)))
          (br_if $unit (i32.lt_s (local.get $letter) (local.get $at))))))
    (if (i32.ge_u (global.get $into) (global.get $hitsEnd))
      (then (global.set $isFull (i32.const 1)) (return)))
    (i32.store (global.get $into) (i32.load (local.get $literal)))
    (global.set $into (i32.add (global.get $into) (i32.const 4))))

  ;; Whether the map of the table may know the hash.
  (func $mayHave (param $table i32) (param $hash i32) (result i32)
    (i32.and
      (i32.shr_u
        (i32.load
          (i32.add (i32.load (local.get $table))
            (i32.shl (i32.shr_u (local.get $hash) (i32.load offset=4 (local.get $table))) (i32.const 2))))
        (i32.shr_u (local.get $hash) (i32.load offset=8 (local.get $table))))
      (i32.const 1)))

  ;; The first entry filed under the hash's highest bits; 0 for none.
  (func $head (param $table i32) (param $hash i32) (result i32)
    (i32.load
      (i32.add (i32.load offset=12 (local.get $table))
        (i32.shl (i32.shr_u (local.get $hash) (i32.load offset=16 (local.get $table))) (i32.const 2)))))

  ;; Verifies every literal that has a window with this hash, of which the window stands at $at.
  (func $meet (param $table i32) (param $hash i32) (param $at i32)
    (local $entry i32) (local $from i32) (local $literal i32)
    (local.set $entry (call $head (local.get $table) (local.get $hash)))
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $entry)))
        (if (i32.eq (i32.load (local.get $entry)) (local.get $hash))
          (then
            (local.set $from (i32.sub (local.get $at) (i32.load offset=8 (local.get $entry))))
            (local.set $literal (i32.load offset=12 (local.get $entry)))
            (if
              (i32.and
                (i32.ge_s (local.get $from) (global.get $start))
                (i32.le_s
                  (i32.add (local.get $from) (i32.load offset=4 (local.get $literal)))
                  (global.get $end)))
              (then (call $verify (local.get $from) (local.get $literal))))))
        (local.set $entry (i32.load offset=4 (local.get $entry)))
        (br $next))))

  ;; Verifies every literal filed under this hash at its end of the span.
  (func $settle (param $table i32) (param $hash i32) (param $isPrefix i32)
    (local $entry i32) (local $literal i32) (local $size i32) (local $length i32)
    (if (i32.eqz (call $mayHave (local.get $table) (local.get $hash))) (then (return)))
    (local.set $size (i32.sub (global.get $end) (global.get $start)))
    (local.set $entry (call $head (local.get $table) (local.get $hash)))
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $entry)))
        (if (i32.eq (i32.load (local.get $entry)) (local.get $hash))
          (then
            (local.set $literal (i32.load offset=12 (local.get $entry)))
            (local.set $length (i32.load offset=4 (local.get $literal)))
            (if
              (select
                (i32.eq (local.get $length) (local.get $size))
                (i32.le_u (local.get $length) (local.get $size))
                (i32.load offset=8 (local.get $literal)))
              (then
                (call $verify
                  (select (global.get $start) (i32.sub (global.get $end) (local.get $length)) (local.get $isPrefix))
                  (local.get $literal))))))
        (local.set $entry (i32.load offset=4 (local.get $entry)))
        (br $next))))

  ;; The literals anchored at one end: the tables for four and for eight bytes stand at $middle and $long.
  (func $edge (param $middle i32) (param $long i32) (param $isPrefix i32)
    (local $near i32) (local $far i32) (local $hash i32)
    (local.set $near
      (i32.or
        (i32.load (select (global.get $start) (i32.sub (global.get $end) (i32.const 4)) (local.get $isPrefix)))
        (i32.const 0x20202020)))
    (local.set $hash (i32.mul (local.get $near) (i32.const 0x9e3779b1)))
    (call $settle (local.get $middle) (local.get $hash) (local.get $isPrefix))
    (if (i32.lt_u (i32.sub (global.get $end) (global.get $start)) (i32.const 8)) (then (return)))
    (local.set $far
      (i32.or
        (i32.load
          (select
            (i32.add (global.get $start) (i32.const 4))
            (i32.sub (global.get $end) (i32.const 8))
            (local.get $isPrefix)))
        (i32.const 0x20202020)))
    (call $settle (local.get $long)
      (i32.xor (local.get $hash) (i32.mul (local.get $far) (i32.const 0x85ebca6b)))
      (local.get $isPrefix)))

  ;; Literals anywhere inside, by windows: one place in $step is hashed.
  (func $windows (param $table i32) (param $step i32)
    (local $at i32) (local $last i32) (local $hash i32)
    (local $map i32) (local $wordShift i32) (local $bitShift i32)
    (local.set $map (i32.load (local.get $table)))
    (local.set $wordShift (i32.load offset=4 (local.get $table)))
    (local.set $bitShift (i32.load offset=8 (local.get $table)))
    (local.set $at (global.get $start))
    (local.set $last (i32.sub (global.get $end) (i32.const 4)))
    (block $done
      (loop $next
        (br_if $done (i32.gt_s (local.get $at) (local.get $last)))
        (local.set $hash
          (i32.mul (i32.or (i32.load (local.get $at)) (i32.const 0x20202020)) (i32.const 0x9e3779b1)))
        (if
          (i32.and
            (i32.shr_u
              (i32.load
                (i32.add (local.get $map)
                  (i32.shl (i32.shr_u (local.get $hash) (local.get $wordShift)) (i32.const 2))))
              (i32.shr_u (local.get $hash) (local.get $bitShift)))
            (i32.const 1))
          (then (call $meet (local.get $table) (local.get $hash) (local.get $at))))
        (local.set $at (i32.add (local.get $at) (local.get $step)))
        (br $next))))

  ;; Literals under four bytes anywhere inside: 256 first entries by the first byte, folded.
  (func $shorts (param $heads i32)
    (local $at i32) (local $byte i32) (local $entry i32) (local $literal i32)
    (local.set $at (global.get $start))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (global.get $end)))
        (local.set $byte (i32.load8_u (local.get $at)))
        (local.set $entry
          (i32.load (i32.add (local.get $heads) (i32.shl (local.get $byte) (i32.const 2)))))
        (block $none
          (loop $chain
            (br_if $none (i32.eqz (local.get $entry)))
            (local.set $literal (i32.load offset=12 (local.get $entry)))
            (if
              (i32.le_u
                (i32.add (local.get $at) (i32.load offset=4 (local.get $literal)))
                (global.get $end))
              (then (call $verify (local.get $at) (local.get $literal))))
            (local.set $entry (i32.load offset=4 (local.get $entry)))
            (br $chain)))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $next))))

  ;; Literals under four bytes anchored at an end; the window of the entry says which: 1 for the start.
  (func $shortEdges (param $first i32)
    (local $entry i32) (local $literal i32) (local $length i32)
    (local.set $entry (local.get $first))
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $entry)))
        (local.set $literal (i32.load offset=12 (local.get $entry)))
        (local.set $length (i32.load offset=4 (local.get $literal)))
        (call $verify
          (select
            (global.get $start)
            (i32.sub (global.get $end) (local.get $length))
            (i32.load offset=8 (local.get $entry)))
          (local.get $literal))
        (local.set $entry (i32.load offset=4 (local.get $entry)))
        (br $next))))

  ;; Lists the ids of the scanner's literals (its record at $scanner) that stand in the span from $from up to $to, of at
  ;; least four bytes; one may come more than once. Gives how many, -1 when there was no room for all.
  (func (export "scan") (param $scanner i32) (param $from i32) (param $to i32) (result i32)
    (global.set $start (local.get $from))
    (global.set $end (local.get $to))
    (global.set $isEscaped (i32.load (local.get $scanner)))
    (global.set $into (global.get $hits))
    (global.set $isFull (i32.const 0))
    (if (i32.load offset=4 (local.get $scanner))
      (then
        (call $windows
          (i32.add (local.get $scanner) (i32.const 32))
          (i32.load offset=4 (local.get $scanner)))))
    (if (i32.load offset=8 (local.get $scanner))
      (then
        (call $edge
          (i32.add (local.get $scanner) (i32.const 52))
          (i32.add (local.get $scanner) (i32.const 72))
          (i32.const 1))))
    (if (i32.load offset=12 (local.get $scanner))
      (then
        (call $edge
          (i32.add (local.get $scanner) (i32.const 92))
          (i32.add (local.get $scanner) (i32.const 112))
          (i32.const 0))))
    (if (i32.load offset=16 (local.get $scanner))
      (then (call $shorts (i32.load offset=16 (local.get $scanner)))))
    (if (i32.load offset=20 (local.get $scanner))
      (then (call $shortEdges (i32.load offset=20 (local.get $scanner)))))
    (select
      (i32.const -1)
      (i32.shr_u (i32.sub (global.get $into) (global.get $hits)) (i32.const 2))
      (global.get $isFull))))
