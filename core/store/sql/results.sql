-- From calls to people: results, recalls, what is stuck.

-- :fact results.decided/1 Up to a thousand people have their answer.
-- :list results
-- :item result int The result.
-- :item subject int Whose.
-- :item status text positive, negative or inconclusive.
-- :item tube text The tube that decided it.
-- :apply each
UPDATE result SET status = $status, decided_at = $at, decided_by = $tube WHERE result = $result;

-- :fact recall.opened/1 The people of a tube have to be swabbed again.
-- :field tube text The tube.
-- :field why text positive, inconclusive, invalid, rejected: and the words.
-- :field isolate int 1 when they are to be isolated meanwhile.
-- :field notify int 1 when they and the authorities are told at once.
-- :list people
-- :item subject int Who.
-- :item result int Whose result waits for it.
-- :apply each
INSERT INTO recall (tube, subject, result, why, isolate, notify, opened_at)
VALUES ($tube, $subject, $result, $why, $isolate, $notify, $at);

-- :fact tube.recalled/1 A tube that will not be tested any more; its people are recalled.
-- :field tube text The tube.
-- :field why text Why.
-- :apply
UPDATE tube SET state = 'recalled', why = $why, state_at = $at WHERE tube = $tube;

-- :fact tubes.resolved/1 Every member of these tubes has a final answer.
-- :list tubes
-- :item tube text The tube.
-- :item positives int How many of its members are positive.
-- :apply each
UPDATE tube SET state = 'resolved', state_at = $at WHERE tube = $tube;

-- :many tubes_waiting_for Recalled or rejected tubes that a result's subject is in.
-- :in result int
-- :out tube text
SELECT DISTINCT w.tube FROM swab w JOIN tube t ON t.tube = w.tube
WHERE w.result = $result AND w.withdrawn = 0 AND t.state IN ('recalled', 'rejected');

-- :one tube_progress How far the members of a tube are.
-- :in tube text
-- :out members int
-- :out open int
-- :out positive int
SELECT COUNT(*) AS members,
  COALESCE(SUM(CASE WHEN r.status = 'open' THEN 1 ELSE 0 END), 0) AS open,
  COALESCE(SUM(CASE WHEN r.status = 'positive' THEN 1 ELSE 0 END), 0) AS positive
FROM swab w JOIN result r ON r.result = w.result WHERE w.tube = $tube AND w.withdrawn = 0;

-- :each stuck Tubes that have no answer yet, in the order of how long they have been where they are.
-- :out tube text
-- :out state text
-- :out swabs int
-- :out site text
-- :out call text?
-- :out next text?
-- :out why text?
-- :out attempts int
-- :out opened_at int
-- :out state_at int
-- :out open int
-- :out must int
SELECT t.tube, t.state, t.swabs, t.site, t.call, t.next, t.why, t.attempts, t.opened_at, t.state_at,
  (SELECT COUNT(*) FROM swab w JOIN result r ON r.result = w.result
    WHERE w.tube = t.tube AND w.withdrawn = 0 AND r.status = 'open') AS open,
  (SELECT COUNT(*) FROM swab w JOIN subject s ON s.subject = w.subject
    WHERE w.tube = t.tube AND w.withdrawn = 0 AND s.grp <> 'voluntary') AS must
FROM tube t
WHERE t.state IN ('open', 'closed', 'received', 'pooled', 'plated', 'retest', 'recalled', 'rejected')
ORDER BY t.state_at, t.tube;

-- :each recalls People who are to be swabbed again and have not come yet.
-- :out tube text
-- :out subject int
-- :out name text
-- :out kind text
-- :out national_id text?
-- :out external_id text?
-- :out phone text?
-- :out city text
-- :out county text
-- :out township text
-- :out village text
-- :out household text?
-- :out grp text
-- :out why text
-- :out isolate int
-- :out notify int
-- :out opened_at int
-- :scan-ok "every open recall, by its own index"
SELECT c.tube, c.subject, s.name, s.kind, s.national_id, s.external_id, s.phone, g.city, g.county,
  g.township, g.village, s.household, s.grp, c.why, c.isolate, c.notify, c.opened_at
FROM recall c JOIN subject s ON s.subject = c.subject JOIN region g ON g.region = s.region
WHERE c.done_at IS NULL ORDER BY c.opened_at, c.tube, c.subject;

-- :many recalls_of_tube The recall of one tube: who came, who did not.
-- :in tube text
-- :out tube text
-- :out subject int
-- :out name text
-- :out kind text
-- :out national_id text?
-- :out external_id text?
-- :out phone text?
-- :out city text
-- :out county text
-- :out township text
-- :out village text
-- :out household text?
-- :out grp text
-- :out why text
-- :out isolate int
-- :out notify int
-- :out opened_at int
-- :out done_tube text?
-- :out done_at int?
-- :out status text
SELECT c.tube, c.subject, s.name, s.kind, s.national_id, s.external_id, s.phone, g.city, g.county,
  g.township, g.village, s.household, s.grp, c.why, c.isolate, c.notify, c.opened_at, c.done_tube,
  c.done_at, r.status
FROM recall c JOIN subject s ON s.subject = c.subject JOIN region g ON g.region = s.region
  JOIN result r ON r.result = c.result
WHERE c.tube = $tube ORDER BY c.subject;

-- :many results_of_subject A subject's results, oldest first.
-- :in subject int
-- :out result int
-- :out status text
-- :out opened_at int
-- :out swabs int
-- :out tube text
-- :out decided_at int?
-- :out decided_by text?
SELECT result, status, opened_at, swabs, tube, decided_at, decided_by FROM result
WHERE subject = $subject ORDER BY result;

-- :each results Everybody's last result; subjects that were never swabbed have none.
-- :out subject int
-- :out external_id text?
-- :out name text
-- :out grp text
-- :out status text?
-- :out opened_at int?
-- :out tube text?
-- :out decided_at int?
-- :scan-ok "the list of everybody"
SELECT s.subject, s.external_id, s.name, s.grp, r.status, r.opened_at, r.tube, r.decided_at
FROM subject s LEFT JOIN result r ON r.result =
  (SELECT MAX(x.result) FROM result x WHERE x.subject = s.subject AND x.status <> 'withdrawn')
ORDER BY s.subject;

-- :many tubes_to_retest Tubes that wait for another attempt, longest first.
-- :out tube text
-- :out next text?
-- :out why text?
-- :out attempts int
-- :out swabs int
-- :out state_at int
SELECT tube, next, why, attempts, swabs, state_at FROM tube WHERE state = 'retest'
ORDER BY state_at, tube;

-- :many tubes_in_state Tubes of one state, longest first.
-- :in state text
-- :out tube text
-- :out swabs int
-- :out state_at int
SELECT tube, swabs, state_at FROM tube WHERE state = $state ORDER BY state_at, tube;
