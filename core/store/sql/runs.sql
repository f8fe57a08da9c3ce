-- Instrument runs: readings, controls, calls.

-- :fact run.imported/1 An instrument's file is matched to a PCR plate.
-- :field run int Its number.
-- :field plate text The PCR plate.
-- :field hash text Of the file, which is kept.
-- :field file text The file's name.
-- :field format text How it was read.
-- :field name text What the instrument calls it.
-- :field instrument text Its kind.
-- :field serial text Its serial number.
-- :field software text Its software.
-- :field ended_at int? When the run ended, where the file says so.
-- :field names_checked int 1 when the file's sample names had to be the plate's tubes.
-- :field readings int How many.
-- :apply
INSERT INTO document (hash, kind, name, rows, seq, imported_at, imported_by)
VALUES ($hash, 'run', $file, $readings, $seq, $at, $actor);
-- :apply
INSERT INTO run (run, plate, document, format, name, instrument, serial, software, ended_at,
  names_checked, imported_at, imported_by)
VALUES ($run, $plate, $hash, $format, $name, $instrument, $serial, $software, $ended_at,
  $names_checked, $at, $actor);

-- :fact run.read/1 Up to a thousand readings of a run.
-- :field run int The run.
-- :list readings
-- :item position int Which well.
-- :item target text Which target, by the assay's name where it has one.
-- :item cq real? The quantification cycle; absent when there is none.
-- :item amp text What the instrument says of the curve: amp, no-amp, inconclusive, unknown.
-- :item vendor_call text? The software's own word.
-- :item sample text? The file's name of the sample.
-- :item omitted int 1 when the instrument's operator struck it out; it then counts as no reading.
-- :apply each
INSERT INTO reading (run, position, target, cq, amp, vendor_call, sample, omitted)
VALUES ($run, $position, $target, $cq, $amp, $vendor_call, $sample, $omitted);

-- :fact run.controls/1 The controls of a run are judged.
-- :field run int The run.
-- :field assay text The assay.
-- :field assay_hash text Its bytes.
-- :list controls
-- :item position int Which well.
-- :item control text Which control.
-- :item covers text What it covers: well, extraction-plate, pcr-plate, run.
-- :item passed int 1 or 0.
-- :item text text What was seen and expected.
-- :apply
UPDATE run SET assay = $assay, assay_hash = $assay_hash, judged_at = $at WHERE run = $run;
-- :apply each
INSERT INTO control_check (run, position, control, covers, passed, text)
VALUES ($run, $position, $control, $covers, $passed, $text);

-- :fact run.called/1 The specimen wells of a run are called.
-- :field run int The run.
-- :field plate text The PCR plate.
-- :list wells
-- :item position int Which well.
-- :item tube text Whose material.
-- :item attempt int The how manyeth judged attempt of the tube.
-- :item call text positive, negative, inconclusive, invalid.
-- :item next text What the assay asks for: report, repeat-pcr, re-extract, new-specimen.
-- :item rule text The row of the decision table.
-- :item text text What was measured, in words.
-- :item held text? The control that holds it, and why.
-- :apply each
INSERT INTO well_call (run, position, tube, attempt, call, next, rule, text, held)
VALUES ($run, $position, $tube, $attempt, $call, $next, $rule, $text, $held);
-- :apply
UPDATE plate SET state = 'called' WHERE plate = $plate;

-- :fact tubes.called/1 What the calls mean for the tubes.
-- :field run int The run.
-- :list tubes
-- :item tube text The tube.
-- :item state text final, retest or recalled.
-- :item attempts int Judged attempts so far.
-- :item call text? The call; absent when it is held.
-- :item next text? For a retest: repeat-pcr or re-extract.
-- :item why text Why, in words.
-- :apply each
UPDATE tube SET state = $state, attempts = $attempts, call = $call, next = $next, why = $why,
  state_at = $at WHERE tube = $tube;

-- :one run_last The largest number of a run.
-- :out run int
SELECT COALESCE(MAX(run), 0) AS run FROM run;

-- :one run_find A run.
-- :in run int
-- :out run int
-- :out plate text
-- :out document text
-- :out format text
-- :out name text
-- :out instrument text
-- :out serial text
-- :out ended_at int?
-- :out imported_at int
-- :out imported_by text
-- :out assay text?
-- :out assay_hash text?
-- :out wells int
SELECT r.run, r.plate, r.document, r.format, r.name, r.instrument, r.serial, r.ended_at,
  r.imported_at, r.imported_by, r.assay, r.assay_hash, p.wells
FROM run r JOIN plate p ON p.plate = r.plate WHERE r.run = $run;

-- :one run_of_document The run that a file became.
-- :in document text
-- :out run int
-- :out plate text
-- :scan-ok "asked for when a file comes twice"
SELECT run, plate FROM run WHERE document = $document;

-- :many runs All runs, oldest first.
-- :out run int
-- :out plate text
-- :out name text
-- :out instrument text
-- :out assay text?
-- :out imported_at int
-- :out imported_by text
-- :out wells int
-- :out positive int
-- :out held int
-- :scan-ok "the list of all runs; the counts of each use the key"
SELECT r.run, r.plate, r.name, r.instrument, r.assay, r.imported_at, r.imported_by,
  (SELECT COUNT(*) FROM well_call c WHERE c.run = r.run) +
    (SELECT COUNT(*) FROM pool_call c WHERE c.run = r.run) AS wells,
  (SELECT COUNT(*) FROM well_call c WHERE c.run = r.run AND c.call = 'positive'
    AND c.held IS NULL) + (SELECT COUNT(*) FROM pool_call c WHERE c.run = r.run
    AND c.call = 'positive' AND c.held IS NULL) AS positive,
  (SELECT COUNT(*) FROM well_call c WHERE c.run = r.run AND c.held IS NOT NULL) +
    (SELECT COUNT(*) FROM pool_call c WHERE c.run = r.run AND c.held IS NOT NULL) AS held
FROM run r ORDER BY r.run;

-- :many run_of_plate The runs of a plate.
-- :in plate text
-- :out run int
SELECT run FROM run WHERE plate = $plate ORDER BY run;

-- :many run_readings A run's readings, by well and target.
-- :in run int
-- :out position int
-- :out target text
-- :out cq real?
-- :out amp text
-- :out vendor_call text?
SELECT position, target, cq, amp, vendor_call FROM reading WHERE run = $run
ORDER BY position, target;

-- :many run_controls A run's controls.
-- :in run int
-- :out position int
-- :out control text
-- :out covers text
-- :out passed int
-- :out text text
SELECT position, control, covers, passed, text FROM control_check WHERE run = $run
ORDER BY position;

-- :many run_calls A run's calls of tubes.
-- :in run int
-- :out position int
-- :out tube text
-- :out attempt int
-- :out call text
-- :out next text
-- :out rule text
-- :out text text
-- :out held text?
-- :out swabs int
SELECT c.position, c.tube, c.attempt, c.call, c.next, c.rule, c.text, c.held, t.swabs
FROM well_call c JOIN tube t ON t.tube = c.tube WHERE c.run = $run ORDER BY c.position;

-- :many calls_of_tube What was called of a tube, in order.
-- :in tube text
-- :out run int
-- :out plate text
-- :out position int
-- :out wells int
-- :out attempt int
-- :out call text
-- :out next text
-- :out rule text
-- :out text text
-- :out held text?
-- :out judged_at int?
SELECT c.run, r.plate, c.position, p.wells, c.attempt, c.call, c.next, c.rule, c.text, c.held,
  r.judged_at
FROM well_call c JOIN run r ON r.run = c.run JOIN plate p ON p.plate = r.plate
WHERE c.tube = $tube ORDER BY c.run;
