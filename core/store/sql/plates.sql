-- Extraction plates and PCR plates, well by well. Positions count by row from 0.

-- :fact plate.created/1 An empty extraction plate, with the controls of its layout that belong to extraction.
-- :field plate text Its barcode.
-- :field wells int 96 or 384.
-- :field layout text The layout's name.
-- :field layout_hash text The layout's bytes.
-- :list controls
-- :item position int Which well.
-- :item control text Which control.
-- :apply
INSERT INTO plate (plate, kind, wells, layout, layout_hash, state, created_at, created_by)
VALUES ($plate, 'extraction', $wells, $layout, $layout_hash, 'filling', $at, $actor);
-- :apply each
INSERT INTO well (plate, position, control, stage, filled_at, filled_by)
VALUES ($plate, $position, $control, 'extraction', $at, $actor);

-- :fact well.filled/1 A tube's material goes into a well.
-- :field plate text The extraction plate.
-- :field position int The well.
-- :field tube text The tube.
-- :apply
INSERT INTO well (plate, position, tube, filled_at, filled_by)
VALUES ($plate, $position, $tube, $at, $actor);
-- :apply
UPDATE tube SET state = 'plated', state_at = $at WHERE tube = $tube;

-- :fact well.cleared/1 A well was scanned that was not filled: the scan is taken back.
-- :field plate text The extraction plate.
-- :field position int The well.
-- :field tube text The tube that was said to be there.
-- :field state text What the tube goes back to.
-- :apply
DELETE FROM well WHERE plate = $plate AND position = $position;
-- :apply
UPDATE tube SET state = $state, state_at = $at WHERE tube = $tube;

-- :fact plate.sealed/1 The plate is filled and goes on.
-- :field plate text The plate.
-- :field filled int How many wells hold a tube's material or a laboratory pool.
-- :apply
UPDATE plate SET state = 'sealed', sealed_at = $at WHERE plate = $plate;

-- :fact plate.stamped/1 A PCR plate is made from an extraction plate, well to the same well.
-- :field plate text The PCR plate.
-- :field source text The extraction plate.
-- :field wells int 96 or 384.
-- :field layout text The layout's name.
-- :field layout_hash text The layout's bytes.
-- :field assay text The assay that it is for.
-- :field assay_hash text The assay's bytes.
-- :list content
-- :item position int Which well, on both plates.
-- :item tube text? The tube's material in it.
-- :item control text? Or the control.
-- :item stage text? At which stage the control was added.
-- :item stamped int 1 when it came from the source, 0 when it was added here.
-- :apply
INSERT INTO plate (plate, kind, wells, layout, layout_hash, assay, assay_hash, source, state,
  created_at, created_by, sealed_at)
VALUES ($plate, 'pcr', $wells, $layout, $layout_hash, $assay, $assay_hash, $source, 'sealed', $at,
  $actor, $at);
-- :apply each
INSERT INTO well (plate, position, tube, control, stage, source, source_position, filled_at,
  filled_by)
VALUES ($plate, $position, $tube, $control, $stage,
  CASE WHEN $stamped = 1 THEN $source ELSE NULL END,
  CASE WHEN $stamped = 1 THEN $position ELSE NULL END, $at, $actor);
-- :apply
UPDATE plate SET state = 'stamped' WHERE plate = $source;
-- :apply each
UPDATE tube SET state = 'plated', state_at = $at WHERE tube = $tube;

-- :fact plate.voided/1 A plate is lost (dropped, mixed up): nothing will come of it.
-- :field plate text The plate.
-- :list tubes
-- :item tube text A tube that waited for it.
-- :item state text What it goes back to: received or retest.
-- :item next text? For a retest: repeat-pcr or re-extract.
-- :apply
UPDATE plate SET state = 'voided' WHERE plate = $plate;
-- :apply each
UPDATE tube SET state = $state, next = $next, why = $reason, state_at = $at WHERE tube = $tube;

-- :one plate_find A plate.
-- :in plate text
-- :out plate text
-- :out kind text
-- :out wells int
-- :out layout text
-- :out layout_hash text
-- :out assay text?
-- :out assay_hash text?
-- :out source text?
-- :out state text
-- :out created_at int
-- :out created_by text
SELECT plate, kind, wells, layout, layout_hash, assay, assay_hash, source, state, created_at,
  created_by FROM plate WHERE plate = $plate;

-- :many plate_wells What is in a plate's wells: a tube or a laboratory pool with its state, or a control.
-- :in plate text
-- :out position int
-- :out tube text?
-- :out pool text?
-- :out control text?
-- :out stage text?
-- :out source text?
-- :out source_position int?
-- :out state text?
-- :out attempts int?
-- :out swabs int?
-- :out pool_tubes int?
-- :out batch int?
-- :out call text?
-- :out next text?
SELECT w.position, w.tube, w.pool, w.control, w.stage, w.source, w.source_position,
  COALESCE(t.state, p.state) AS state, COALESCE(t.attempts, p.attempts) AS attempts, t.swabs,
  p.tubes AS pool_tubes, COALESCE(b.batch, p.batch) AS batch, COALESCE(t.call, p.call) AS call,
  COALESCE(t.next, p.next) AS next
FROM well w LEFT JOIN tube t ON t.tube = w.tube LEFT JOIN pool p ON p.pool = w.pool
  LEFT JOIN batch_tube b ON b.tube = w.tube AND b.live = 1
WHERE w.plate = $plate ORDER BY w.position;

-- :many wells_of Where the material of a tube or a laboratory pool is.
-- :in code text
-- :out plate text
-- :out position int
-- :out kind text
-- :out plate_state text
-- :out wells int
-- :out source text?
-- :out filled_at int
SELECT w.plate, w.position, p.kind, p.state AS plate_state, p.wells, w.source, w.filled_at
FROM well w JOIN plate p ON p.plate = w.plate WHERE w.tube = $code OR w.pool = $code
ORDER BY w.filled_at, w.plate;

-- :many plates Plates, newest last; all, or those without a result.
-- :in finished int
-- :out plate text
-- :out kind text
-- :out wells int
-- :out layout text
-- :out assay text?
-- :out source text?
-- :out state text
-- :out created_at int
-- :out tubes int
-- :out pools int
-- :scan-ok "plates of the days in work; the count of each uses the key"
SELECT p.plate, p.kind, p.wells, p.layout, p.assay, p.source, p.state, p.created_at,
  (SELECT COUNT(*) FROM well w WHERE w.plate = p.plate AND w.tube IS NOT NULL) AS tubes,
  (SELECT COUNT(*) FROM well w WHERE w.plate = p.plate AND w.pool IS NOT NULL) AS pools
FROM plate p WHERE $finished = 1 OR p.state NOT IN ('called', 'voided') ORDER BY p.created_at, p.plate;

-- :many plates_from PCR plates that were stamped from an extraction plate.
-- :in source text
-- :out plate text
-- :out state text
SELECT plate, state FROM plate WHERE source = $source ORDER BY plate;
