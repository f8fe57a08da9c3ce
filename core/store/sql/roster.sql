-- Who is to be swabbed.

-- :fact region.added/1 A place on the map that subjects live in.
-- :field region int Its number.
-- :field city text City or prefecture.
-- :field county text County or district.
-- :field township text Township or street.
-- :field village text Village or community.
-- :apply
INSERT INTO region (region, city, county, township, village)
VALUES ($region, $city, $county, $township, $village);

-- :fact roster.imported/1 A list of subjects came in.
-- :field hash text Of the file, which is kept.
-- :field name text The file's name.
-- :field rows int How many subjects it named.
-- :field left_out int How many rows were wrong and left out, on somebody's order.
-- :apply
INSERT INTO document (hash, kind, name, rows, seq, imported_at, imported_by)
VALUES ($hash, 'roster', $name, $rows, $seq, $at, $actor);

-- :fact subjects.registered/1 Up to a thousand subjects of a roster.
-- :field document text? The roster's hash; absent when registered by hand.
-- :list subjects
-- :item subject int The number that the laboratory gives.
-- :item kind text person or place.
-- :item name text phi What they are called.
-- :item national_id text? phi The number of an identity document.
-- :item external_id text? phi The sender's own number.
-- :item phone text? phi How to reach them.
-- :item region int Where they live.
-- :item household text? phi Which household there.
-- :item grp text The group of the population.
-- :item line int? In the roster.
-- :apply each
INSERT INTO subject (subject, kind, name, national_id, external_id, phone, region, household, grp,
  document, line)
VALUES ($subject, $kind, $name, $national_id, $external_id, $phone, $region, $household, $grp,
  $document, $line);

-- :fact roster.linked/1 Rows of a roster that are subjects known before, linked on somebody's order.
-- :field document text The roster's hash.
-- :list rows
-- :item line int In the roster.
-- :item subject int The subject that it is.
-- :apply each
INSERT INTO roster_link (document, line, subject) VALUES ($document, $line, $subject);

-- :one region_find A region's number.
-- :in city text
-- :in county text
-- :in township text
-- :in village text
-- :out region int
SELECT region FROM region
WHERE city = $city AND county = $county AND township = $township AND village = $village;

-- :one region_last The largest number of a region.
-- :out region int
SELECT COALESCE(MAX(region), 0) AS region FROM region;

-- :one subject_last The largest number of a subject.
-- :out subject int
SELECT COALESCE(MAX(subject), 0) AS subject FROM subject;

-- :one subject_find A subject with the way to it.
-- :in subject int
-- :out subject int
-- :out kind text
-- :out name text
-- :out national_id text?
-- :out external_id text?
-- :out phone text?
-- :out region int
-- :out household text?
-- :out grp text
-- :out city text
-- :out county text
-- :out township text
-- :out village text
SELECT s.subject, s.kind, s.name, s.national_id, s.external_id, s.phone, s.region, s.household, s.grp,
  g.city, g.county, g.township, g.village
FROM subject s JOIN region g ON g.region = s.region WHERE s.subject = $subject;

-- :one subject_by_national_id A subject's number and name.
-- :in national_id text
-- :out subject int
-- :out name text
SELECT subject, name FROM subject WHERE national_id = $national_id;

-- :one subject_by_external_id A subject's number and name.
-- :in external_id text
-- :out subject int
-- :out name text
SELECT subject, name FROM subject WHERE external_id = $external_id;

-- :one subject_by_line The subject in a line of a roster.
-- :in document text
-- :in line int
-- :out subject int
-- :scan-ok "asked for by hand, one roster's line at a time"
SELECT subject FROM subject WHERE document = $document AND line = $line
UNION ALL SELECT subject FROM roster_link WHERE document = $document AND line = $line;

-- :many document_by_prefix Files of a kind whose name, or the beginning of whose hash, is given.
-- :in kind text
-- :in name text
-- :out hash text
-- :out name text
-- :scan-ok "some thousands of files, asked for by hand"
SELECT hash, name FROM document
WHERE kind = $kind AND (name = $name OR (length($name) >= 6 AND substr(hash, 1, length($name)) = $name));

-- :each subjects All subjects.
-- :out subject int
-- :out kind text
-- :out name text
-- :out external_id text?
-- :out grp text
-- :out city text
-- :out county text
-- :out township text
-- :out village text
-- :scan-ok "the list of everybody"
SELECT s.subject, s.kind, s.name, s.external_id, s.grp, g.city, g.county, g.township, g.village
FROM subject s JOIN region g ON g.region = s.region ORDER BY s.subject;
