-- Figures of a day: from its first moment (included) to the next day's (excluded). Persons, swabs, tubes,
-- wells and tests are never added to one another. `must`: 1 for the must-test groups, 0 for voluntary.

-- :many day_registered Subjects registered that day, by group.
-- :in from int
-- :in to int
-- :out must int
-- :out subjects int
-- :scan-ok "the rosters of one day, then their subjects; a daily report reads them all"
SELECT CASE WHEN s.grp = 'voluntary' THEN 0 ELSE 1 END AS must, COUNT(*) AS subjects
FROM subject s WHERE s.document IN
  (SELECT hash FROM document WHERE kind = 'roster' AND imported_at >= $from AND imported_at < $to)
GROUP BY 1;

-- :many day_swabs Swabs taken that day and how many subjects they are of.
-- :in from int
-- :in to int
-- :out must int
-- :out swabs int
-- :out subjects int
SELECT CASE WHEN s.grp = 'voluntary' THEN 0 ELSE 1 END AS must, COUNT(*) AS swabs,
  COUNT(DISTINCT w.subject) AS subjects
FROM swab w JOIN subject s ON s.subject = w.subject
WHERE w.taken_at >= $from AND w.taken_at < $to AND w.withdrawn = 0 GROUP BY 1;

-- :many day_results Results decided that day.
-- :in from int
-- :in to int
-- :out must int
-- :out status text
-- :out subjects int
SELECT CASE WHEN s.grp = 'voluntary' THEN 0 ELSE 1 END AS must, r.status, COUNT(*) AS subjects
FROM result r JOIN subject s ON s.subject = r.subject
WHERE r.decided_at >= $from AND r.decided_at < $to GROUP BY 1, 2;

-- :many day_open Results that were opened before the day's end and are still open now.
-- :in to int
-- :out must int
-- :out subjects int
SELECT CASE WHEN s.grp = 'voluntary' THEN 0 ELSE 1 END AS must, COUNT(*) AS subjects
FROM result r JOIN subject s ON s.subject = r.subject
WHERE r.status = 'open' AND r.opened_at < $to GROUP BY 1;

-- :many day_regions Swabs and decided results of the day by region.
-- :in from int
-- :in to int
-- :out city text
-- :out county text
-- :out township text
-- :out village text
-- :out must int
-- :out subjects int
-- :out swabs int
-- :out positive int
-- :out negative int
-- :out inconclusive int
-- :scan-ok "the swabs and results of the day by their indexes, and the small table of regions"
SELECT g.city, g.county, g.township, g.village, x.must, SUM(x.subjects) AS subjects,
  SUM(x.swabs) AS swabs, SUM(x.positive) AS positive, SUM(x.negative) AS negative,
  SUM(x.inconclusive) AS inconclusive
FROM (
  SELECT s.region AS region, CASE WHEN s.grp = 'voluntary' THEN 0 ELSE 1 END AS must,
    COUNT(DISTINCT w.subject) AS subjects, COUNT(*) AS swabs, 0 AS positive, 0 AS negative,
    0 AS inconclusive
  FROM swab w JOIN subject s ON s.subject = w.subject
  WHERE w.taken_at >= $from AND w.taken_at < $to AND w.withdrawn = 0 GROUP BY 1, 2
  UNION ALL
  SELECT s.region, CASE WHEN s.grp = 'voluntary' THEN 0 ELSE 1 END, 0, 0,
    SUM(CASE WHEN r.status = 'positive' THEN 1 ELSE 0 END),
    SUM(CASE WHEN r.status = 'negative' THEN 1 ELSE 0 END),
    SUM(CASE WHEN r.status = 'inconclusive' THEN 1 ELSE 0 END)
  FROM result r JOIN subject s ON s.subject = r.subject
  WHERE r.decided_at >= $from AND r.decided_at < $to GROUP BY 1, 2
) x JOIN region g ON g.region = x.region
GROUP BY g.city, g.county, g.township, g.village, x.must
ORDER BY g.city, g.county, g.township, g.village, x.must;

-- :one day_opened Tubes opened that day.
-- :in from int
-- :in to int
-- :out tubes int
SELECT COUNT(*) AS tubes FROM tube WHERE opened_at >= $from AND opened_at < $to;

-- :one day_tubes Tubes by what happened to them that day.
-- :in from int
-- :in to int
-- :out closed int
-- :out received int
-- :out rejected int
-- :scan-ok "a report; tubes of all days are some hundred thousand rows"
SELECT
  COALESCE(SUM(CASE WHEN closed_at >= $from AND closed_at < $to THEN 1 ELSE 0 END), 0) AS closed,
  COALESCE(SUM(CASE WHEN received_at >= $from AND received_at < $to THEN 1 ELSE 0 END), 0) AS received,
  COALESCE(SUM(CASE WHEN rejected IS NOT NULL AND received_at >= $from AND received_at < $to
    THEN 1 ELSE 0 END), 0) AS rejected
FROM tube;

-- :one day_wells Wells filled that day on extraction plates and on PCR plates, specimens alone.
-- :in from int
-- :in to int
-- :out extraction int
-- :out pcr int
SELECT COALESCE(SUM(CASE WHEN p.kind = 'extraction' THEN 1 ELSE 0 END), 0) AS extraction,
  COALESCE(SUM(CASE WHEN p.kind = 'pcr' THEN 1 ELSE 0 END), 0) AS pcr
FROM well w JOIN plate p ON p.plate = w.plate
WHERE w.filled_at >= $from AND w.filled_at < $to AND w.control IS NULL;

-- :one day_tests Runs imported that day and the tests of tubes in them: one well judged is one test.
-- :in from int
-- :in to int
-- :out runs int
-- :out tests int
-- :out held int
-- :out pools_positive int
-- :out pools_negative int
-- :out pools_inconclusive int
-- :out pools_invalid int
-- :out singles_positive int
-- :out singles_negative int
-- :out singles_inconclusive int
-- :out singles_invalid int
SELECT COUNT(DISTINCT r.run) AS runs, COUNT(c.tube) AS tests,
  COALESCE(SUM(CASE WHEN c.held IS NOT NULL THEN 1 ELSE 0 END), 0) AS held,
  COALESCE(SUM(CASE WHEN c.held IS NULL AND t.swabs > 1 AND c.call = 'positive' THEN 1 ELSE 0 END), 0) AS pools_positive,
  COALESCE(SUM(CASE WHEN c.held IS NULL AND t.swabs > 1 AND c.call = 'negative' THEN 1 ELSE 0 END), 0) AS pools_negative,
  COALESCE(SUM(CASE WHEN c.held IS NULL AND t.swabs > 1 AND c.call = 'inconclusive' THEN 1 ELSE 0 END), 0) AS pools_inconclusive,
  COALESCE(SUM(CASE WHEN c.held IS NULL AND t.swabs > 1 AND c.call = 'invalid' THEN 1 ELSE 0 END), 0) AS pools_invalid,
  COALESCE(SUM(CASE WHEN c.held IS NULL AND t.swabs = 1 AND c.call = 'positive' THEN 1 ELSE 0 END), 0) AS singles_positive,
  COALESCE(SUM(CASE WHEN c.held IS NULL AND t.swabs = 1 AND c.call = 'negative' THEN 1 ELSE 0 END), 0) AS singles_negative,
  COALESCE(SUM(CASE WHEN c.held IS NULL AND t.swabs = 1 AND c.call = 'inconclusive' THEN 1 ELSE 0 END), 0) AS singles_inconclusive,
  COALESCE(SUM(CASE WHEN c.held IS NULL AND t.swabs = 1 AND c.call = 'invalid' THEN 1 ELSE 0 END), 0) AS singles_invalid
FROM run r LEFT JOIN well_call c ON c.run = r.run LEFT JOIN tube t ON t.tube = c.tube
WHERE r.imported_at >= $from AND r.imported_at < $to;

-- :one day_lab_pools Laboratory pools of that day, and the tests of them.
-- :in from int
-- :in to int
-- :out made int
-- :out tests int
-- :out held int
-- :out positive int
-- :out negative int
-- :out inconclusive int
-- :out invalid int
-- :scan-ok "a report; pools of all days are some ten thousand rows"
SELECT (SELECT COUNT(*) FROM pool WHERE made_at >= $from AND made_at < $to) AS made,
  COUNT(c.pool) AS tests,
  COALESCE(SUM(CASE WHEN c.held IS NOT NULL THEN 1 ELSE 0 END), 0) AS held,
  COALESCE(SUM(CASE WHEN c.held IS NULL AND c.call = 'positive' THEN 1 ELSE 0 END), 0) AS positive,
  COALESCE(SUM(CASE WHEN c.held IS NULL AND c.call = 'negative' THEN 1 ELSE 0 END), 0) AS negative,
  COALESCE(SUM(CASE WHEN c.held IS NULL AND c.call = 'inconclusive' THEN 1 ELSE 0 END), 0) AS inconclusive,
  COALESCE(SUM(CASE WHEN c.held IS NULL AND c.call = 'invalid' THEN 1 ELSE 0 END), 0) AS invalid
FROM run r JOIN pool_call c ON c.run = r.run
WHERE r.imported_at >= $from AND r.imported_at < $to;

-- :one day_recalls Recalls opened that day, and those that are open now.
-- :in from int
-- :in to int
-- :out opened int
-- :out waiting int
-- :out isolated int
-- :scan-ok "a report; recalls are the few"
SELECT COALESCE(SUM(CASE WHEN opened_at >= $from AND opened_at < $to THEN 1 ELSE 0 END), 0) AS opened,
  COALESCE(SUM(CASE WHEN done_at IS NULL THEN 1 ELSE 0 END), 0) AS waiting,
  COALESCE(SUM(CASE WHEN done_at IS NULL AND isolate = 1 THEN 1 ELSE 0 END), 0) AS isolated
FROM recall;

-- :one day_refusals Scans refused that day.
-- :in from int
-- :in to int
-- :out scans int
SELECT COUNT(*) AS scans FROM refusal WHERE at >= $from AND at < $to;

-- :many refusals Scans refused in a time.
-- :in from int
-- :in to int
-- :out at int
-- :out actor text
-- :out station text
-- :out place text
-- :out scan text
-- :out code text
-- :out text text
SELECT at, actor, station, place, scan, code, text FROM refusal WHERE at >= $from AND at < $to
ORDER BY at, seq;

-- :many pools_without_positive Positive pools whose members all came out negative: somebody should look.
-- :in from int
-- :in to int
-- :out tube text
-- :out swabs int
-- :out state_at int
SELECT t.tube, t.swabs, t.state_at FROM tube t
WHERE t.state = 'resolved' AND t.call = 'positive' AND t.state_at >= $from AND t.state_at < $to
  AND NOT EXISTS (SELECT 1 FROM swab w JOIN result r ON r.result = w.result
    WHERE w.tube = t.tube AND w.withdrawn = 0 AND r.status <> 'negative')
ORDER BY t.state_at, t.tube;
