-- Labels, from the number to the tube; the printers that they come from. docs/internals/printing.md has the
-- life of a label. Labels are numbered in the order in which they are reserved: what happens to many of them is
-- a fact about a range. What has happened to a label meanwhile (it was scanned, or declared void) stays so.

-- :fact printer.added/1 The laboratory has a label printer, or one that it had before again.
-- :field printer text Its short name.
-- :field uri text Where it is reached.
-- :field language text What it speaks.
-- :field dpi int Its dots per inch.
-- :apply
INSERT INTO printer (printer, number, uri, language, dpi, added_at, added_by)
VALUES ($printer, $seq, $uri, $language, $dpi, $at, $actor)
ON CONFLICT (printer) DO UPDATE SET uri = excluded.uri, language = excluded.language,
  dpi = excluded.dpi, added_at = excluded.added_at, added_by = excluded.added_by, removed_at = NULL,
  stopped_at = NULL, fault = NULL, stopped_text = NULL;

-- :fact printer.removed/1 A printer is there no more.
-- :field printer text Its short name.
-- :apply
UPDATE printer SET removed_at = $at WHERE printer = $printer;

-- :fact printer.stopped/1 Printing ended with labels left over.
-- :field printer text The printer.
-- :field fault text What for, in a word: paper-out, gone, …
-- :field text text In a sentence.
-- :apply
UPDATE printer SET stopped_at = $at, fault = $fault, stopped_text = $text WHERE printer = $printer;

-- :fact labels.reserved/1 Up to a thousand labels are set aside: for new numbers, or for what has its number.
-- :field thing text What they are of: tube, extraction-plate, pcr-plate, box, rack, kit, pool, person or other.
-- :field site text? Where new numbers will be used.
-- :list labels
-- :item label int The label's number.
-- :item id text What it identifies.
-- :item serial int? Of a number that is new.
-- :item texts text? phi What stands on this label alone, a line "field=text" each.
-- :apply each
INSERT INTO label (label, id, copy, thing, serial, site, texts, state, state_at, reserved_at, reserved_by)
VALUES ($label, $id, 1, $thing, $serial, $site, $texts, 'reserved', $at, $at, $actor);

-- :fact label.reprinted/1 Another label of an identifier, for one that is lost, torn or smeared.
-- :field label int The new label's number.
-- :field old int The label that it replaces, which becomes void.
-- :field copy int The how manyeth it is.
-- :apply
INSERT INTO label (label, id, copy, thing, serial, site, texts, state, state_at, reserved_at, reserved_by)
SELECT $label, id, $copy, thing, NULL, site, texts, 'reserved', $at, $at, $actor
FROM label WHERE label = $old;
-- :apply
UPDATE label SET state = 'void', state_at = $at, void_by = $actor, note = $reason
WHERE label = $old AND state <> 'void';

-- :fact labels.queued/1 Labels wait for a printer. Those of the range that are reserved.
-- :field batch int The batch's number.
-- :field first int The first label.
-- :field last int The last label.
-- :field count int How many.
-- :field template text What they look like.
-- :field version int The template's version.
-- :field template_hash text The template's bytes, which are kept.
-- :field printer text Where.
-- :field texts text? phi What stands on all of them, a line "field=text" each.
-- :apply
INSERT INTO label_batch (batch, first, last, count, template, version, template_hash, printer, texts, queued_at,
  queued_by)
VALUES ($batch, $first, $last, $count, $template, $version, $template_hash, $printer, $texts, $at, $actor);
-- :apply
UPDATE label SET state = 'queued', state_at = $at, batch = $batch, printer = $printer, note = NULL
WHERE label BETWEEN $first AND $last AND state = 'reserved';

-- :fact labels.sent/1 From now on bytes of these labels may have left.
-- :field printer text To where; it may be another one than they waited for.
-- :field run int The first such fact of the run: what is of one run comes out in its order.
-- :field first int The first label.
-- :field last int The last label.
-- :apply
UPDATE label SET state = 'sent', state_at = $at, sent = $seq, run = $run, note = NULL
WHERE label BETWEEN $first AND $last AND state = 'queued';

-- :fact labels.confirmed/1 They came out.
-- :field first int The first label.
-- :field last int The last label.
-- :field how text device: it said so; seen: a person saw the last of them.
-- :apply
UPDATE label SET state = 'confirmed', state_at = $at, note = CASE WHEN $how = 'device' THEN NULL ELSE $how END
WHERE label BETWEEN $first AND $last AND state IN ('sent', 'unconfirmed');

-- :fact labels.unconfirmed/1 They may have come out, and nobody knows.
-- :field first int The first label.
-- :field last int The last label.
-- :field why text not-told: the device did not say; ended: the program had ended before it could.
-- :apply
UPDATE label SET state = 'unconfirmed', state_at = $at, note = $why
WHERE label BETWEEN $first AND $last AND state = 'sent';

-- :fact labels.requeued/1 They did not come out, and wait again.
-- :field first int The first label.
-- :field last int The last label.
-- :field why text not-sent: no byte of them left, or the device dropped it; seen: a person said so.
-- :apply
UPDATE label SET state = 'queued', state_at = $at, note = $why, sent = NULL, run = NULL
WHERE label BETWEEN $first AND $last AND state IN ('sent', 'unconfirmed');

-- :fact label.applied/1 A label was scanned back: it is where it belongs.
-- :field label int The label.
-- :field id text What it identifies.
-- :field place text Where it was scanned.
-- :apply
UPDATE label SET state = 'applied', state_at = $at, note = $place WHERE label = $label AND state <> 'void';

-- :fact labels.voided/1 They must not be used.
-- :field first int The first label.
-- :field last int The last label.
-- :apply
UPDATE label SET state = 'void', state_at = $at, void_by = $actor, note = $reason
WHERE label BETWEEN $first AND $last AND state <> 'void';

-- :one printer_find A printer, also one that was removed.
-- :in printer text
-- :out printer text
-- :out number int
-- :out uri text
-- :out language text
-- :out dpi int
-- :out removed_at int?
-- :out stopped_at int?
-- :out fault text?
-- :out stopped_text text?
SELECT printer, number, uri, language, dpi, removed_at, stopped_at, fault, stopped_text
FROM printer WHERE printer = $printer;

-- :many printers The printers there are, and how many labels wait for each.
-- :out printer text
-- :out number int
-- :out uri text
-- :out language text
-- :out dpi int
-- :out added_at int
-- :out stopped_at int?
-- :out fault text?
-- :out stopped_text text?
-- :out queued int
-- :out unconfirmed int
-- :scan-ok "a laboratory has some dozens of printers"
SELECT p.printer, p.number, p.uri, p.language, p.dpi, p.added_at, p.stopped_at, p.fault, p.stopped_text,
  (SELECT COUNT(*) FROM label l WHERE l.printer = p.printer AND l.state = 'queued') AS queued,
  (SELECT COUNT(*) FROM label l WHERE l.printer = p.printer AND l.state IN ('sent', 'unconfirmed')) AS unconfirmed
FROM printer p WHERE p.removed_at IS NULL ORDER BY p.printer;

-- :one label_last The largest number of a label, 0 for none.
-- :out label int
SELECT COALESCE(MAX(label), 0) AS label FROM label;

-- :one label_batch_last The largest number of a batch, 0 for none.
-- :out batch int
SELECT COALESCE(MAX(batch), 0) AS batch FROM label_batch;

-- :one label_serial_last The largest number that was reserved for a kind of thing, 0 for none.
-- :in thing text
-- :out serial int
SELECT COALESCE(MAX(serial), 0) AS serial FROM label WHERE thing = $thing AND serial IS NOT NULL;

-- :one label_serial_between A number of a kind of thing that was reserved, from low to high.
-- :in thing text
-- :in low int
-- :in high int
-- :out serial int?
SELECT MAX(serial) AS serial FROM label
WHERE thing = $thing AND serial IS NOT NULL AND serial BETWEEN $low AND $high;

-- :one own_code_below The last code from low on, below high, of all that was scanned, announced or printed.
-- :in low text
-- :in high text
-- :out code text?
SELECT MAX(code) AS code FROM (
  SELECT MAX(tube) AS code FROM tube WHERE tube >= $low AND tube < $high
  UNION ALL SELECT MAX(tube) AS code FROM box_tube WHERE tube >= $low AND tube < $high
  UNION ALL SELECT MAX(plate) AS code FROM plate WHERE plate >= $low AND plate < $high
  UNION ALL SELECT MAX(box) AS code FROM box WHERE box >= $low AND box < $high
  UNION ALL SELECT MAX(id) AS code FROM label WHERE id >= $low AND id < $high) codes;

-- :one label_find A label by its number.
-- :in label int
-- :out label int
-- :out id text
-- :out copy int
-- :out thing text
-- :out state text
-- :out batch int?
-- :out printer text?
-- :out sent int?
-- :out texts text?
SELECT label, id, copy, thing, state, batch, printer, sent, texts FROM label WHERE label = $label;

-- :one labels_in_range How many of a range's labels there are, are reserved, and are of the thing.
-- :in first int
-- :in last int
-- :in thing text
-- :out labels int
-- :out reserved int
-- :out same int
SELECT COUNT(*) AS labels, COALESCE(SUM(CASE WHEN state = 'reserved' THEN 1 ELSE 0 END), 0) AS reserved,
  COALESCE(SUM(CASE WHEN thing = $thing THEN 1 ELSE 0 END), 0) AS same
FROM label WHERE label BETWEEN $first AND $last;

-- :each labels_between The labels of a range.
-- :in first int
-- :in last int
-- :out label int
-- :out id text
-- :out thing text
-- :out state text
-- :out printer text?
SELECT label, id, thing, state, printer FROM label WHERE label BETWEEN $first AND $last ORDER BY label;

-- :many labels_of_id The labels of an identifier.
-- :in id text
-- :out label int
-- :out id text
-- :out copy int
-- :out thing text
-- :out state text
-- :out state_at int
-- :out batch int?
-- :out printer text?
-- :out sent int?
-- :out run int?
-- :out site text?
-- :out reserved_at int
-- :out reserved_by text
-- :out void_by text?
-- :out note text?
-- :out template text?
SELECT l.label, l.id, l.copy, l.thing, l.state, l.state_at, l.batch, l.printer, l.sent, l.run, l.site, l.reserved_at,
  l.reserved_by, l.void_by, l.note, b.template
FROM label l LEFT JOIN label_batch b ON b.batch = l.batch WHERE l.id = $id ORDER BY l.label;

-- :each labels_of_batch The labels of a batch.
-- :in batch int
-- :out label int
-- :out id text
-- :out copy int
-- :out thing text
-- :out state text
-- :out state_at int
-- :out printer text?
-- :out site text?
-- :out reserved_at int
-- :out reserved_by text
-- :out void_by text?
-- :out note text?
SELECT label, id, copy, thing, state, state_at, printer, site, reserved_at, reserved_by, void_by, note
FROM label WHERE batch = $batch ORDER BY label;

-- :each labels All labels, or those in one state, of one kind of thing, or both.
-- :in state text?
-- :in thing text?
-- :out label int
-- :out id text
-- :out copy int
-- :out thing text
-- :out state text
-- :out state_at int
-- :out batch int?
-- :out printer text?
-- :out site text?
-- :out reserved_at int
-- :out reserved_by text
-- :out void_by text?
-- :out note text?
-- :scan-ok "a list of all of them; the rows of one batch or identifier have their own"
SELECT label, id, copy, thing, state, state_at, batch, printer, site, reserved_at, reserved_by, void_by, note
FROM label WHERE (state = $state OR $state IS NULL) AND (thing = $thing OR $thing IS NULL) ORDER BY label;

-- :each label_numbers The numbers of a kind of thing that were reserved, with what became of the newest label.
-- :in thing text
-- :out serial int?
-- :out id text
-- :out state text
-- :out state_at int
-- :out site text?
-- :out batch int?
-- :out void_by text?
-- :out note text?
SELECT f.serial, f.id, l.state, l.state_at, l.site, l.batch, l.void_by, l.note
FROM label f JOIN label l ON l.label = (SELECT MAX(n.label) FROM label n WHERE n.id = f.id)
WHERE f.thing = $thing AND f.serial IS NOT NULL ORDER BY f.serial;

-- :one label_batch_find A batch.
-- :in batch int
-- :out batch int
-- :out first int
-- :out last int
-- :out template text
-- :out version int
-- :out template_hash text
-- :out printer text
-- :out texts text?
SELECT batch, first, last, template, version, template_hash, printer, texts FROM label_batch WHERE batch = $batch;

-- :many label_batches_waiting The batches of which labels wait for a printer, in the order in which they print.
-- :in printer text
-- :out batch int?
-- :out queued int
SELECT batch, COUNT(*) AS queued FROM label WHERE printer = $printer AND state = 'queued'
GROUP BY batch ORDER BY batch;

-- :each labels_waiting The labels of a batch that wait for a printer, in the order in which they print.
-- :in printer text
-- :in batch int
-- :out label int
SELECT label FROM label WHERE printer = $printer AND state = 'queued' AND batch = $batch ORDER BY label;

-- :each labels_unsettled The labels that a printer was sent and that nobody confirmed, in the order of sending.
-- :in printer text
-- :out label int
-- :out state text
-- :out sent int?
-- :out run int?
SELECT label, state, sent, run FROM label
WHERE printer = $printer AND state IN ('sent', 'unconfirmed') ORDER BY sent, label;

-- :many label_queue Batches that are not done: labels wait, or nobody knows of some whether they came out.
-- :out batch int
-- :out printer text
-- :out template text
-- :out version int
-- :out count int
-- :out queued int
-- :out sent int
-- :out unconfirmed int
-- :out first_queued int?
-- :out queued_at int
-- :out queued_by text
-- :scan-ok "only the indexes of labels that are not done"
SELECT b.batch, b.printer, b.template, b.version, b.count, w.queued, w.sent, w.unconfirmed, w.first_queued,
  b.queued_at, b.queued_by
FROM (SELECT batch, SUM(q) AS queued, SUM(s) AS sent, SUM(u) AS unconfirmed, MIN(first) AS first_queued
  FROM (SELECT batch, 1 AS q, 0 AS s, 0 AS u, label AS first FROM label WHERE state = 'queued'
    UNION ALL SELECT batch, 0 AS q, CASE WHEN state = 'sent' THEN 1 ELSE 0 END AS s,
      CASE WHEN state = 'sent' THEN 0 ELSE 1 END AS u, NULL AS first
    FROM label WHERE state IN ('sent', 'unconfirmed')) one GROUP BY batch) w
JOIN label_batch b ON b.batch = w.batch ORDER BY b.batch;

-- :many subjects_of_roster The people of a roster, in the order of its lines.
-- :in document text
-- :out line int
-- :out subject int
-- :out name text
-- :out grp text
-- :scan-ok "asked for by hand, one roster at a time"
SELECT line, subject, name, grp FROM (
  SELECT s.line AS line, s.subject AS subject, s.name AS name, s.grp AS grp
  FROM subject s WHERE s.document = $document AND s.line IS NOT NULL
  UNION ALL SELECT k.line AS line, s.subject AS subject, s.name AS name, s.grp AS grp
  FROM roster_link k JOIN subject s ON s.subject = k.subject WHERE k.document = $document) people
ORDER BY line;
