-- Laboratory pools: planned by a design, made of aliquots, read in wells, decoded, continued.

-- :fact batch.planned/1 Received tubes are laid into laboratory pools by a design.
-- :field batch int Its number.
-- :field design text The hash of the design's matrix, which is kept.
-- :field family text How the design was made.
-- :field parameters text With which numbers.
-- :field layout text The plate layout in whose specimen wells the pools stand.
-- :field layout_hash text The layout's bytes.
-- :field aliquot_nl int What goes from a tube into each of its pools.
-- :field well_nl int What a well of a tube's own takes.
-- :field tube_nl int? What there is of a tube, where that is known.
-- :field dead_nl int What a tip can't reach in a tube.
-- :field prevalence real? The chance that a swab is positive, where it is not to be the policy's.
-- :list tubes
-- :item tube text The tube.
-- :item sample int Its column in the matrix, from 1.
-- :item rack int Which rack it stands in, from 1.
-- :item position int The place in the rack, by row from 0.
-- :apply
INSERT INTO document (hash, kind, name, rows, seq, imported_at, imported_by)
VALUES ($design, 'design', $family, 1, $seq, $at, $actor) ON CONFLICT (hash) DO NOTHING;
-- :apply
INSERT INTO batch (batch, state, design, family, parameters, layout, layout_hash, aliquot_nl, well_nl,
  tube_nl, dead_nl, prevalence, round, decodes, accepted, planned_at, planned_by)
VALUES ($batch, 'open', $design, $family, $parameters, $layout, $layout_hash, $aliquot_nl, $well_nl,
  $tube_nl, $dead_nl, $prevalence, 0, 0, 0, $at, $actor);
-- :apply each
INSERT INTO batch_tube (batch, tube, sample, rack, position, live)
VALUES ($batch, $tube, $sample, $rack, $position, 1);
-- :apply each
UPDATE tube SET state = 'pooled', next = NULL, state_at = $at WHERE tube = $tube;

-- :fact pool.planned/1 A laboratory pool gets its barcode, its place and its tubes.
-- :field pool text Its barcode.
-- :field serial int The number in the barcode.
-- :field batch int The batch that it is of.
-- :field number int Its number in the batch, from 1.
-- :field round int 0: of the design; else of the wells planned after so many rounds.
-- :field place int The pool plate, from 1.
-- :field position int The well, by row from 0.
-- :list tubes
-- :item tube text Of which an aliquot goes into it.
-- :item nl int How much.
-- :apply
INSERT INTO pool (pool, serial, batch, number, round, place, position, tubes, state, attempts, state_at)
VALUES ($pool, $serial, $batch, $number, $round, $place, $position, 0, 'planned', 0, $at);
-- :apply each
INSERT INTO aliquot (pool, tube, nl, state) VALUES ($pool, $tube, $nl, 'planned');
-- :apply each
UPDATE pool SET tubes = tubes + 1 WHERE pool = $pool;

-- :fact pool.made/1 A laboratory pool holds its aliquots.
-- :field pool text The pool.
-- :apply
UPDATE pool SET state = 'made', made_at = $at, made_by = $actor, state_at = $at WHERE pool = $pool;
-- :apply
UPDATE aliquot SET state = 'pipetted' WHERE pool = $pool AND state = 'planned';

-- :fact pool.unmade/1 A pool was scanned that was not made: the scan is taken back.
-- :field pool text The pool.
-- :apply
UPDATE pool SET state = 'planned', made_at = NULL, made_by = NULL, state_at = $at
WHERE pool = $pool;
-- :apply
UPDATE aliquot SET state = 'planned' WHERE pool = $pool AND state = 'pipetted';

-- :fact pool.lost/1 A pool is given up: no reading will come of it.
-- :field pool text The pool.
-- :apply
UPDATE pool SET state = 'lost', next = NULL, why = $reason, state_at = $at WHERE pool = $pool;

-- :fact aliquots.omitted/1 A tube's aliquot is not in these pools.
-- :field tube text The tube.
-- :list pools
-- :item pool text The pool.
-- :apply each
UPDATE aliquot SET state = 'left-out', why = $reason WHERE pool = $pool AND tube = $tube;
-- :apply each
UPDATE pool SET tubes = tubes - 1 WHERE pool = $pool;

-- :fact aliquots.restored/1 A tube's aliquot is in these pools after all.
-- :field tube text The tube.
-- :list pools
-- :item pool text The pool.
-- :item state text planned, or pipetted when the pool was made.
-- :apply each
UPDATE aliquot SET state = $state, why = NULL WHERE pool = $pool AND tube = $tube;
-- :apply each
UPDATE pool SET tubes = tubes + 1 WHERE pool = $pool;

-- :fact pool.plated/1 A laboratory pool goes into a well.
-- :field plate text The extraction plate.
-- :field position int The well.
-- :field pool text The pool.
-- :apply
INSERT INTO well (plate, position, pool, filled_at, filled_by)
VALUES ($plate, $position, $pool, $at, $actor);
-- :apply
UPDATE pool SET state = 'plated', state_at = $at WHERE pool = $pool;

-- :fact pool.cleared/1 A pool was scanned into a well that it is not in: the scan is taken back.
-- :field plate text The extraction plate.
-- :field position int The well.
-- :field pool text The pool that was said to be there.
-- :field state text What the pool goes back to.
-- :apply
DELETE FROM well WHERE plate = $plate AND position = $position;
-- :apply
UPDATE pool SET state = $state, state_at = $at WHERE pool = $pool;

-- :fact pools.stamped/1 The laboratory pools on a PCR plate; the plate and the rest of it: plate.stamped.
-- :field plate text The PCR plate.
-- :field source text The extraction plate.
-- :list pools
-- :item position int Which well, on both plates.
-- :item pool text The pool in it.
-- :apply each
INSERT INTO well (plate, position, pool, source, source_position, filled_at, filled_by)
VALUES ($plate, $position, $pool, $source, $position, $at, $actor);
-- :apply each
UPDATE pool SET state = 'plated', state_at = $at WHERE pool = $pool;

-- :fact pools.returned/1 The laboratory pools that waited for a plate that was voided.
-- :field plate text The plate.
-- :list pools
-- :item pool text The pool.
-- :item state text What it goes back to: made or retest.
-- :item next text? For a retest: repeat-pcr or re-extract.
-- :apply each
UPDATE pool SET state = $state, next = $next, why = $reason, state_at = $at WHERE pool = $pool;

-- :fact pools.called/1 The wells of a run that hold laboratory pools are called.
-- :field run int The run.
-- :list wells
-- :item position int Which well.
-- :item pool text The pool in it.
-- :item attempt int The how manyeth judged attempt of the pool.
-- :item call text positive, negative, inconclusive, invalid.
-- :item reading text The same as + - ? !
-- :item cq real? The earliest Cq of a target that makes a specimen positive.
-- :item next text What the assay asks for; of a held well, what follows from the control.
-- :item rule text The row of the decision table.
-- :item text text What was measured, in words.
-- :item held text? The control that holds it, and why.
-- :apply each
INSERT INTO pool_call (run, position, pool, attempt, call, cq, next, rule, text, held)
VALUES ($run, $position, $pool, $attempt, $call, $cq, $next, $rule, $text, $held);
-- :apply each
UPDATE pool SET state = 'read', attempts = $attempt, call = $call, reading = $reading, cq = $cq,
  next = NULL, why = NULL, state_at = $at
WHERE pool = $pool AND state = 'plated' AND $held IS NULL;
-- :apply each
UPDATE pool SET state = 'retest', next = $next, why = $held, state_at = $at
WHERE pool = $pool AND state = 'plated' AND $held IS NOT NULL;

-- :fact batch.decoded/1 The readings of a batch are worked back to its tubes.
-- :field batch int The batch.
-- :field decode int Its how manyeth decode.
-- :field state text open; held: the readings are in doubt, and nothing is decided.
-- :field profile text The hash of the policy that it went by.
-- :field confidence real Of an answer.
-- :field evidence text The pools by number with their readings, then wells of tubes alone.
-- :field method text The decoder's method for the hardest part.
-- :field bound real No posterior is further off than this.
-- :field logz real The logarithm of the chance of these readings.
-- :field alarm text? Why the readings are in doubt.
-- :field accepted int 1 when somebody accepted readings that are in doubt.
-- :list tubes
-- :item tube text A tube whose posterior or call changed.
-- :item posterior real The chance that it is positive.
-- :item error real How far off that may be.
-- :item call text negative, positive, to-confirm, undecided, given-up.
-- :apply
INSERT INTO decode (batch, decode, method, bound, logz, confidence, profile, evidence, alarm,
  accepted, tubes, decoded_at, decoded_by)
VALUES ($batch, $decode, $method, $bound, $logz, $confidence, $profile, $evidence, $alarm, $accepted,
  0, $at, $actor);
-- :apply
UPDATE batch SET state = $state, decodes = $decode, alarm = $alarm, accepted = $accepted
WHERE batch = $batch;
-- :apply each
UPDATE batch_tube SET posterior = $posterior, error = $error, call = $call
WHERE batch = $batch AND tube = $tube;
-- :apply each
UPDATE decode SET tubes = tubes + 1 WHERE batch = $batch AND decode = $decode;

-- :fact tubes.decoded/1 What a decode means for the tubes that waited for it.
-- :field batch int The batch.
-- :field decode int Its how manyeth decode.
-- :list tubes
-- :item tube text The tube.
-- :item state text final, recalled, or pooled when it is not decided.
-- :item call text? The call, where it is decided.
-- :item next text? pool-next: wells have to be planned for it.
-- :item why text Why, in words.
-- :apply each
UPDATE tube SET state = $state, call = $call, next = $next, why = $why, state_at = $at
WHERE tube = $tube;

-- :fact batch.continued/1 What is run next for the undecided tubes of a batch; new pools are pool.planned.
-- :field batch int The batch.
-- :field round int The how manyeth time, from 1.
-- :field prefer text By which rule: rounds, tests or recollect.
-- :list wells
-- :item tube text? A tube that gets a well of its own, or waits for a pool.
-- :item pool text? Or a pool that is extracted again.
-- :item state text retest, or pooled for a tube that waits.
-- :item next text? For a retest: re-extract.
-- :item why text Why.
-- :apply
UPDATE batch SET round = $round WHERE batch = $batch;
-- :apply each
UPDATE tube SET state = $state, next = $next, why = $why, state_at = $at WHERE tube = $tube;
-- :apply each
UPDATE pool SET state = $state, next = $next, why = $why, state_at = $at WHERE pool = $pool;

-- :fact batch.voided/1 A batch is given up; the tubes that it did not decide go back.
-- :field batch int The batch.
-- :list tubes
-- :item tube text A tube that waited for it.
-- :item state text What it goes back to: received or retest.
-- :item next text? For a retest: re-extract.
-- :apply
UPDATE batch SET state = 'voided' WHERE batch = $batch;
-- :apply
UPDATE pool SET state = 'voided', next = NULL, why = $reason, state_at = $at WHERE batch = $batch;
-- :apply
UPDATE batch_tube SET live = 0 WHERE batch = $batch;
-- :apply each
UPDATE tube SET state = $state, next = $next, why = $reason, state_at = $at WHERE tube = $tube;

-- :one batch_last The largest number of a batch.
-- :out batch int
SELECT COALESCE(MAX(batch), 0) AS batch FROM batch;

-- :one batch_find A batch.
-- :in batch int
-- :out batch int
-- :out state text
-- :out design text
-- :out family text
-- :out parameters text
-- :out layout text
-- :out layout_hash text
-- :out aliquot_nl int
-- :out well_nl int
-- :out tube_nl int?
-- :out dead_nl int
-- :out prevalence real?
-- :out round int
-- :out decodes int
-- :out alarm text?
-- :out accepted int
-- :out planned_at int
-- :out planned_by text
SELECT batch, state, design, family, parameters, layout, layout_hash, aliquot_nl, well_nl, tube_nl,
  dead_nl, prevalence, round, decodes, alarm, accepted, planned_at, planned_by FROM batch
WHERE batch = $batch;

-- :many batches All batches, or those with a tube that waits; oldest first.
-- :in finished int
-- :out batch int
-- :out state text
-- :out family text
-- :out parameters text
-- :out tubes int
-- :out pools int
-- :out unmade int
-- :out unread int
-- :out waiting int
-- :out undecided int
-- :out planned_at int
-- :scan-ok "the batches of the days in work; the counts of each use keys"
SELECT b.batch, b.state, b.family, b.parameters,
  (SELECT COUNT(*) FROM batch_tube x WHERE x.batch = b.batch) AS tubes,
  (SELECT COUNT(*) FROM pool p WHERE p.batch = b.batch) AS pools,
  (SELECT COUNT(*) FROM pool p WHERE p.batch = b.batch AND p.state = 'planned') AS unmade,
  (SELECT COUNT(*) FROM pool p WHERE p.batch = b.batch AND p.state IN ('made', 'plated', 'retest'))
    AS unread,
  (SELECT COUNT(*) FROM batch_tube x JOIN tube t ON t.tube = x.tube WHERE x.batch = b.batch
    AND x.live = 1 AND t.state IN ('pooled', 'retest', 'plated')) AS waiting,
  (SELECT COUNT(*) FROM batch_tube x JOIN tube t ON t.tube = x.tube WHERE x.batch = b.batch
    AND x.live = 1 AND t.state = 'pooled' AND t.next = 'pool-next') AS undecided, b.planned_at
FROM batch b WHERE $finished = 1 OR EXISTS (SELECT 1 FROM batch_tube x
  JOIN tube t ON t.tube = x.tube WHERE x.batch = b.batch AND x.live = 1
    AND t.state IN ('pooled', 'retest', 'plated')) ORDER BY b.batch;

-- :many batch_tubes The tubes of a batch, by sample.
-- :in batch int
-- :out tube text
-- :out sample int
-- :out rack int
-- :out position int
-- :out live int
-- :out posterior real?
-- :out error real?
-- :out call text?
-- :out swabs int
-- :out state text
-- :out next text?
-- :out tube_call text?
-- :out attempts int
-- :out why text?
SELECT b.tube, b.sample, b.rack, b.position, b.live, b.posterior, b.error, b.call, t.swabs, t.state,
  t.next, t.call AS tube_call, t.attempts, t.why
FROM batch_tube b JOIN tube t ON t.tube = b.tube WHERE b.batch = $batch ORDER BY b.sample;

-- :many batch_pools The pools of a batch, by number.
-- :in batch int
-- :out pool text
-- :out number int
-- :out round int
-- :out place int
-- :out position int
-- :out tubes int
-- :out state text
-- :out attempts int
-- :out call text?
-- :out reading text?
-- :out cq real?
-- :out next text?
-- :out why text?
-- :out state_at int
SELECT pool, number, round, place, position, tubes, state, attempts, call, reading, cq, next, why,
  state_at FROM pool WHERE batch = $batch ORDER BY number;

-- :many batch_aliquots The aliquots of a batch, by pool and sample.
-- :in batch int
-- :out pool text
-- :out number int
-- :out place int
-- :out position int
-- :out pool_state text
-- :out tube text
-- :out sample int
-- :out nl int
-- :out state text
-- :out why text?
SELECT p.pool, p.number, p.place, p.position, p.state AS pool_state, a.tube, b.sample, a.nl, a.state,
  a.why
FROM pool p JOIN aliquot a ON a.pool = p.pool
  JOIN batch_tube b ON b.batch = p.batch AND b.tube = a.tube
WHERE p.batch = $batch ORDER BY p.number, b.sample;

-- :many batch_own_wells Judged wells of a batch's tubes alone, oldest first.
-- :in batch int
-- :out tube text
-- :out sample int
-- :out run int
-- :out call text
SELECT b.tube, b.sample, c.run, c.call FROM batch_tube b JOIN well_call c ON c.tube = b.tube
WHERE b.batch = $batch AND b.live = 1 AND c.held IS NULL ORDER BY b.sample, c.run, c.position;

-- :many decodes_of_batch What a batch was worked back to, oldest first.
-- :in batch int
-- :out decode int
-- :out method text
-- :out bound real
-- :out logz real
-- :out confidence real
-- :out profile text
-- :out evidence text
-- :out alarm text?
-- :out accepted int
-- :out tubes int
-- :out decoded_at int
-- :out decoded_by text
SELECT decode, method, bound, logz, confidence, profile, evidence, alarm, accepted, tubes,
  decoded_at, decoded_by FROM decode WHERE batch = $batch ORDER BY decode;

-- :one pool_last The largest serial number of a laboratory pool.
-- :out serial int
SELECT COALESCE(MAX(serial), 0) AS serial FROM pool;

-- :one pool_find A laboratory pool.
-- :in pool text
-- :out pool text
-- :out batch int
-- :out number int
-- :out round int
-- :out place int
-- :out position int
-- :out tubes int
-- :out state text
-- :out attempts int
-- :out call text?
-- :out reading text?
-- :out cq real?
-- :out next text?
-- :out why text?
-- :out made_at int?
-- :out made_by text?
-- :out state_at int
SELECT pool, batch, number, round, place, position, tubes, state, attempts, call, reading, cq, next,
  why, made_at, made_by, state_at FROM pool WHERE pool = $pool;

-- :many pool_aliquots What goes into a laboratory pool.
-- :in pool text
-- :out tube text
-- :out nl int
-- :out state text
-- :out why text?
-- :out sample int
-- :out rack int
-- :out rack_position int
SELECT a.tube, a.nl, a.state, a.why, b.sample, b.rack, b.position AS rack_position
FROM aliquot a JOIN pool p ON p.pool = a.pool
  JOIN batch_tube b ON b.batch = p.batch AND b.tube = a.tube
WHERE a.pool = $pool ORDER BY b.sample;

-- :many aliquots_of_tube The pools that a tube's aliquots are for, in the order of their making.
-- :in tube text
-- :out pool text
-- :out batch int
-- :out number int
-- :out nl int
-- :out state text
-- :out why text?
-- :out pool_state text
-- :out reading text?
-- :out made_at int?
SELECT a.pool, p.batch, p.number, a.nl, a.state, a.why, p.state AS pool_state, p.reading, p.made_at
FROM aliquot a JOIN pool p ON p.pool = a.pool WHERE a.tube = $tube ORDER BY p.batch, p.number;

-- :one batch_of_tube The batch that a tube is in now.
-- :in tube text
-- :out batch int
-- :out state text
-- :out sample int
-- :out posterior real?
-- :out error real?
-- :out call text?
SELECT b.batch, x.state, b.sample, b.posterior, b.error, b.call
FROM batch_tube b JOIN batch x ON x.batch = b.batch WHERE b.tube = $tube AND b.live = 1;

-- :many pools_in_state Laboratory pools of one state, longest first.
-- :in state text
-- :out pool text
-- :out batch int
-- :out number int
-- :out tubes int
-- :out next text?
-- :out state_at int
SELECT pool, batch, number, tubes, next, state_at FROM pool WHERE state = $state
ORDER BY state_at, batch, number;

-- :one tube_people Who is in a tube, as far as that decides whether it may be pooled.
-- :in tube text
-- :out people int
-- :out must int
-- :out again int
SELECT COUNT(*) AS people,
  COALESCE(SUM(CASE WHEN s.grp <> 'voluntary' THEN 1 ELSE 0 END), 0) AS must,
  COALESCE(SUM(CASE WHEN r.swabs > 1 THEN 1 ELSE 0 END), 0) AS again
FROM swab w JOIN subject s ON s.subject = w.subject JOIN result r ON r.result = w.result
WHERE w.tube = $tube AND w.withdrawn = 0;

-- :many run_pool_calls A run's calls of laboratory pools.
-- :in run int
-- :out position int
-- :out pool text
-- :out attempt int
-- :out call text
-- :out cq real?
-- :out next text
-- :out rule text
-- :out text text
-- :out held text?
-- :out tubes int
SELECT c.position, c.pool, c.attempt, c.call, c.cq, c.next, c.rule, c.text, c.held, p.tubes
FROM pool_call c JOIN pool p ON p.pool = c.pool WHERE c.run = $run ORDER BY c.position;

-- :many calls_of_pool What was called of a laboratory pool, in order.
-- :in pool text
-- :out run int
-- :out plate text
-- :out position int
-- :out wells int
-- :out attempt int
-- :out call text
-- :out text text
-- :out rule text
-- :out held text?
-- :out judged_at int?
SELECT c.run, r.plate, c.position, p.wells, c.attempt, c.call, c.text, c.rule, c.held, r.judged_at
FROM pool_call c JOIN run r ON r.run = c.run JOIN plate p ON p.plate = r.plate
WHERE c.pool = $pool ORDER BY c.run;
