;; The two loops over the bytes of a line that JavaScript does too slowly. What they mean and where things lie in the
;; memory is said in line-memory.ts, which is all that calls them. `npm run wasm` writes line-memory-code.ts from this
;; text; a test compares the two.
(module
  (import "line" "memory" (memory 1))

  ;; Where `index` puts its lists; the line itself begins at 0.
  (global $quotes (import "line" "quotes") i32)
  (global $escapes (import "line" "escapes") i32)
  (global $hits (import "line" "hits") i32)

  ;; How many escapes the last `index` listed.
  (global $escaped (export "escaped") (mut i32) (i32.const 0))

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
  ;; with one, of the line of $size bytes; each place plus $base. Gives how many quotes.
  (func (export "index") (param $size i32) (param $base i32) (result i32)
    (local $at i32) (local $into i32) (local $escapesInto i32)
    (local $found i64) (local $slashes i64) (local $escaped i64) (local $before i64)
    (local $after i64) (local $odd i64) (local $sum i64)
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
                (i64.and (call $same (local.get $at) (i8x16.splat (i32.const 0x75))) (local.get $escaped))
                (i32.add (local.get $base) (local.get $at))
                (local.get $escapesInto)))))
        (local.set $into
          (call $list (local.get $found) (i32.add (local.get $base) (local.get $at)) (local.get $into)))
        (local.set $at (i32.add (local.get $at) (i32.const 64)))
        (br $next)))
    (global.set $escaped
      (i32.shr_u (i32.sub (local.get $escapesInto) (global.get $escapes)) (i32.const 2)))
    (i32.shr_u (i32.sub (local.get $into) (global.get $quotes)) (i32.const 2)))

  ;; Hashes the four bytes, each with bit 0x20 set, at $at and then at every $step-th byte up to $last, and lists the
  ;; places whose bit in the map at $map is set. Gives how many.
  (func (export "probe")
    (param $map i32) (param $wordShift i32) (param $bitShift i32) (param $step i32)
    (param $at i32) (param $last i32)
    (result i32)
    (local $hash i32) (local $into i32)
    (local.set $into (global.get $hits))
    (block $done
      (loop $next
        (br_if $done (i32.gt_s (local.get $at) (local.get $last)))
        (local.set $hash
          (i32.mul (i32.or (i32.load (local.get $at)) (i32.const 0x20202020)) (i32.const 0x9e3779b1)))
        (i32.store (local.get $into) (local.get $at))
        ;; The bit decides whether what was written stays: no branch to guess wrong.
        (local.set $into
          (i32.add (local.get $into)
            (i32.shl
              (i32.and
                (i32.shr_u
                  (i32.load
                    (i32.add (local.get $map)
                      (i32.shl (i32.shr_u (local.get $hash) (local.get $wordShift)) (i32.const 2))))
                  (i32.shr_u (local.get $hash) (local.get $bitShift)))
                (i32.const 1))
              (i32.const 2))))
        (local.set $at (i32.add (local.get $at) (local.get $step)))
        (br $next)))
    (i32.shr_u (i32.sub (local.get $into) (global.get $hits)) (i32.const 2))))
