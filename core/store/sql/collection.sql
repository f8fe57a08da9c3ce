-- Tubes and the swabs in them.

-- :fact tube.opened/1 A collector opens an empty tube at a site.
-- :field tube text Its barcode.
-- :field issuer text Whose barcode it is: the laboratory's own, or foreign.
-- :field symbology text How it was read.
-- :field capacity int How many swabs it may hold.
-- :field household int 1 when it is for one household alone.
-- :field site text Where.
-- :field happened_at int? When, where a site's own log says so; else when it was recorded.
-- :field done_by text? By whom, where a site's own log says so; else by who recorded it.
-- :apply
INSERT INTO tube (tube, issuer, symbology, capacity, household, site, state, swabs, opened_at,
  opened_by, attempts, state_at)
VALUES ($tube, $issuer, $symbology, $capacity, $household, $site, 'open', 0,
  COALESCE($happened_at, $at), COALESCE($done_by, $actor), 0, COALESCE($happened_at, $at));

-- :fact swab.taken/1 A swab goes into an open tube. Opens the subject's result where none is open.
-- :field tube text The tube.
-- :field place int The how manyeth swab in it, from 1.
-- :field subject int Whose swab.
-- :field result int The result that it is for.
-- :field happened_at int? As in tube.opened.
-- :field done_by text? As in tube.opened.
-- :apply
INSERT INTO swab (tube, place, subject, result, taken_at, taken_by, withdrawn)
VALUES ($tube, $place, $subject, $result, COALESCE($happened_at, $at), COALESCE($done_by, $actor), 0);
-- :apply
UPDATE tube SET swabs = swabs + 1 WHERE tube = $tube;
-- :apply
INSERT INTO result (result, subject, status, opened_at, swabs, tube)
VALUES ($result, $subject, 'open', COALESCE($happened_at, $at), 1, $tube)
ON CONFLICT (result) DO UPDATE SET swabs = result.swabs + 1, tube = excluded.tube;
-- :apply
UPDATE recall SET done_tube = $tube, done_at = COALESCE($happened_at, $at)
WHERE subject = $subject AND done_at IS NULL;

-- :fact swab.withdrawn/1 A swab was scanned that is not in the tube: the scan is taken back.
-- :field tube text The tube.
-- :field place int Which swab.
-- :field subject int Whose.
-- :field result int For which result.
-- :apply
UPDATE swab SET withdrawn = 1 WHERE tube = $tube AND place = $place;
-- :apply
UPDATE tube SET swabs = swabs - 1 WHERE tube = $tube;
-- :apply
UPDATE result SET swabs = swabs - 1,
  status = CASE WHEN swabs = 1 THEN 'withdrawn' ELSE status END,
  tube = COALESCE((SELECT w.tube FROM swab w WHERE w.result = $result AND w.withdrawn = 0
    ORDER BY w.taken_at DESC, w.tube DESC LIMIT 1), tube) WHERE result = $result;
-- :apply
UPDATE recall SET done_tube = NULL, done_at = NULL WHERE subject = $subject AND done_tube = $tube;

-- :fact tube.closed/1 The tube is closed; the heads counted are the swabs scanned.
-- :field tube text The tube.
-- :field count int How many heads were counted.
-- :field happened_at int? As in tube.opened.
-- :field done_by text? As in tube.opened.
-- :apply
UPDATE tube SET state = 'closed', closed_at = COALESCE($happened_at, $at),
  closed_by = COALESCE($done_by, $actor), state_at = COALESCE($happened_at, $at) WHERE tube = $tube;

-- :fact log.imported/1 A site that worked offline sent its log.
-- :field hash text Of the file, which is kept.
-- :field name text The file's name.
-- :field rows int How many entries.
-- :apply
INSERT INTO document (hash, kind, name, rows, seq, imported_at, imported_by)
VALUES ($hash, 'collection-log', $name, $rows, $seq, $at, $actor);

-- :one tube_find A tube.
-- :in tube text
-- :out tube text
-- :out issuer text
-- :out capacity int
-- :out household int
-- :out site text
-- :out state text
-- :out swabs int
-- :out opened_at int
-- :out opened_by text
-- :out closed_at int?
-- :out received_at int?
-- :out box text?
-- :out rejected text?
-- :out attempts int
-- :out call text?
-- :out next text?
-- :out why text?
-- :out state_at int
SELECT tube, issuer, capacity, household, site, state, swabs, opened_at, opened_by, closed_at,
  received_at, box, rejected, attempts, call, next, why, state_at FROM tube WHERE tube = $tube;

-- :one swab_last_place The last place that was given in a tube, 0 for none.
-- :in tube text
-- :out place int
SELECT COALESCE(MAX(place), 0) AS place FROM swab WHERE tube = $tube;

-- :one swab_in_tube A subject's swab in a tube.
-- :in tube text
-- :in subject int
-- :out place int
-- :out result int
-- :out taken_at int
SELECT place, result, taken_at FROM swab
WHERE tube = $tube AND subject = $subject AND withdrawn = 0;

-- :one result_open A subject's result that has no answer yet, and the last tube it is in.
-- :in subject int
-- :out result int
-- :out opened_at int
-- :out swabs int
-- :out tube text
-- :out tube_state text
SELECT r.result, r.opened_at, r.swabs, r.tube, t.state AS tube_state
FROM result r JOIN tube t ON t.tube = r.tube WHERE r.subject = $subject AND r.status = 'open';

-- :one result_last The largest number of a result.
-- :out result int
SELECT COALESCE(MAX(result), 0) AS result FROM result;

-- :one recall_open A recall that a subject has not come to yet.
-- :in subject int
-- :out tube text
-- :out opened_at int
SELECT tube, opened_at FROM recall WHERE subject = $subject AND done_at IS NULL;

-- :many tube_members Who is in a tube.
-- :in tube text
-- :out place int
-- :out subject int
-- :out result int
-- :out name text
-- :out external_id text?
-- :out phone text?
-- :out household text?
-- :out region int
-- :out grp text
-- :out taken_at int
-- :out taken_by text
-- :out status text
-- :out last_tube text
-- :out swabs int
SELECT w.place, w.subject, w.result, s.name, s.external_id, s.phone, s.household, s.region, s.grp, w.taken_at,
  w.taken_by, r.status, r.tube AS last_tube, r.swabs
FROM swab w JOIN subject s ON s.subject = w.subject JOIN result r ON r.result = w.result
WHERE w.tube = $tube AND w.withdrawn = 0 ORDER BY w.place;
