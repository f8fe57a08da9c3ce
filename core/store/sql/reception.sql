-- Boxes come in, tubes are scanned, some are rejected.

-- :fact box.announced/1 A box is on its way, with up to a thousand of its tubes.
-- :field box text Its code.
-- :field document text? The manifest's hash.
-- :list tubes
-- :item tube text In the box, says the manifest.
-- :item swabs int? With so many swabs.
-- :apply
INSERT INTO box (box, state, announced_at, document) VALUES ($box, 'announced', $at, $document)
ON CONFLICT (box) DO NOTHING;
-- :apply each
INSERT INTO box_tube (box, tube, said_swabs, state) VALUES ($box, $tube, $swabs, 'expected');

-- :fact manifest.imported/1 A box manifest came in.
-- :field hash text Of the file, which is kept.
-- :field name text The file's name.
-- :field rows int How many tubes it named.
-- :apply
INSERT INTO document (hash, kind, name, rows, seq, imported_at, imported_by)
VALUES ($hash, 'manifest', $name, $rows, $seq, $at, $actor);

-- :fact custody.handed/1 A box changes hands; both sides are named.
-- :field box text The box.
-- :field giver text Who gave it.
-- :field taker text Who took it.
-- :apply
INSERT INTO custody (seq, box, giver, taker, handed_at) VALUES ($seq, $box, $giver, $taker, $at);
-- :apply
UPDATE box SET holder = $taker WHERE box = $box;

-- :fact tube.received/1 A tube is scanned at the laboratory.
-- :field tube text The tube.
-- :field box text? The box that it came in.
-- :apply
UPDATE tube SET state = 'received', received_at = $at, received_by = $actor, box = $box,
  state_at = $at WHERE tube = $tube;
-- :apply
INSERT INTO box_tube (box, tube, state) SELECT $box, $tube, 'extra' WHERE $box IS NOT NULL
ON CONFLICT (box, tube) DO UPDATE SET state = 'received';

-- :fact tube.rejected/1 A tube can't be tested.
-- :field tube text The tube.
-- :field cause text leaking, unlabelled, empty, wrong-tube, or other words.
-- :apply
UPDATE tube SET state = 'rejected', rejected = $cause, why = $cause, state_at = $at,
  received_at = COALESCE(received_at, $at), received_by = COALESCE(received_by, $actor)
WHERE tube = $tube;
-- :apply
UPDATE box_tube SET state = 'rejected' WHERE tube = $tube AND state = 'expected';

-- :fact box.closed/1 The box is empty; what was expected is compared with what was scanned.
-- :field box text The box.
-- :field expected int Tubes in the manifest.
-- :field received int Of them scanned, rejected ones among them.
-- :field missing int Of them not scanned.
-- :field extra int Scanned, but not in the manifest.
-- :apply
UPDATE box SET state = 'closed', closed_at = $at WHERE box = $box;
-- :apply
UPDATE box_tube SET state = 'missing' WHERE box = $box AND state = 'expected';

-- :one box_find A box.
-- :in box text
-- :out state text
-- :out announced_at int
-- :out holder text?
-- :out closed_at int?
SELECT state, announced_at, holder, closed_at FROM box WHERE box = $box;

-- :many box_tubes The tubes of a box.
-- :in box text
-- :out tube text
-- :out said_swabs int?
-- :out state text
-- :out swabs int?
-- :out tube_state text?
SELECT b.tube, b.said_swabs, b.state, t.swabs, t.state AS tube_state
FROM box_tube b LEFT JOIN tube t ON t.tube = b.tube WHERE b.box = $box ORDER BY b.tube;

-- :one box_tube_find A tube's row in a box.
-- :in box text
-- :in tube text
-- :out state text
SELECT state FROM box_tube WHERE box = $box AND tube = $tube;

-- :one box_of_tube The box whose manifest names a tube.
-- :in tube text
-- :out box text
-- :out state text
SELECT box, state FROM box_tube WHERE tube = $tube ORDER BY box LIMIT 1;

-- :many boxes All boxes that are not closed, or all.
-- :in closed int
-- :out box text
-- :out state text
-- :out announced_at int
-- :out holder text?
-- :out tubes int
-- :out received int
-- :scan-ok "boxes of the days in work; the count of each uses the key"
SELECT b.box, b.state, b.announced_at, b.holder,
  (SELECT COUNT(*) FROM box_tube x WHERE x.box = b.box) AS tubes,
  (SELECT COUNT(*) FROM box_tube x WHERE x.box = b.box AND x.state <> 'expected'
    AND x.state <> 'missing') AS received
FROM box b WHERE b.state <> 'closed' OR $closed = 1 ORDER BY b.announced_at, b.box;

-- :many custody_of_box Through whose hands a box went.
-- :in box text
-- :out giver text
-- :out taker text
-- :out handed_at int
SELECT giver, taker, handed_at FROM custody WHERE box = $box ORDER BY seq;
