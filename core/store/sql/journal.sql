-- What the store itself needs; everything else goes through facts.

-- :exec journal_insert Writes one link of the chain.
-- :in seq int
-- :in body text
-- :in hash text
INSERT INTO journal (seq, body, hash) VALUES ($seq, $body, $hash);

-- :one journal_last The last fact.
-- :out seq int
-- :out body text
-- :out hash text
-- :scan-ok "walks the primary key backwards and stops at the first row"
SELECT seq, body, hash FROM journal ORDER BY seq DESC LIMIT 1;

-- :one journal_at The fact of a number.
-- :in seq int
-- :out seq int
-- :out body text
-- :out hash text
SELECT seq, body, hash FROM journal WHERE seq = $seq;

-- :each journal Facts from a number on, in order.
-- :in from int
-- :out seq int
-- :out body text
-- :out hash text
SELECT seq, body, hash FROM journal WHERE seq >= $from ORDER BY seq;

-- :one attachment_known Whether bytes of this hash are kept.
-- :in hash text
-- :out size int
SELECT size FROM attachment WHERE hash = $hash;

-- :many documents All files that were imported, oldest first.
-- :out hash text
-- :out kind text
-- :out name text
-- :out rows int
-- :out seq int
-- :out imported_at int
-- :out imported_by text
-- :scan-ok "a laboratory imports some thousands of files; asked for by the audit and the list"
SELECT hash, kind, name, rows, seq, imported_at, imported_by FROM document ORDER BY seq;

-- :one document_find A file by the hash of its content.
-- :in hash text
-- :out kind text
-- :out name text
-- :out seq int
-- :out imported_at int
-- :out imported_by text
SELECT kind, name, seq, imported_at, imported_by FROM document WHERE hash = $hash;

-- :fact clock.accepted/1 The clock was set back, and somebody said that this is right.
-- :field before int The time of the last fact before.
-- :field now int The clock's time.

-- :fact scan.refused/1 A scan was refused: the laboratory's rules said no.
-- :field place text Where it was scanned: the use case and the tube, box or plate at hand.
-- :field scan text What was scanned.
-- :field code text The rule's short word.
-- :field text text What the person was told.
-- :apply
INSERT INTO refusal (seq, at, actor, station, place, scan, code, text)
VALUES ($seq, $at, $actor, $station, $place, $scan, $code, $text);
