-- The laboratory itself: its name, people, sites and rules.

-- :fact lab.created/1 A laboratory begins.
-- :field name text The laboratory's name.
-- :field issuer text What its own identifiers begin with, 2 to 4 letters or digits.
-- :apply
INSERT INTO laboratory (one, name, issuer, created_at) VALUES (1, $name, $issuer, $at);

-- :fact operator.added/1 Somebody may work here.
-- :field operator text The short name that facts are signed with.
-- :field name text phi The person's name.
-- :apply
INSERT INTO operator (operator, name, added_at) VALUES ($operator, $name, $at);

-- :fact site.added/1 A place where swabs are taken.
-- :field site text Its short name.
-- :field name text Its name.
-- :apply
INSERT INTO site (site, name, added_at) VALUES ($site, $name, $at);

-- :fact rule.enforced/1 An assay, a layout or a profile is put in force.
-- :field kind text assay, layout or profile.
-- :field name text Its name.
-- :field version int Its version.
-- :field hash text Of its bytes, which are kept.
-- :apply
UPDATE rule SET in_force = 0 WHERE kind = $kind AND (name = $name OR kind = 'profile');
-- :apply
INSERT INTO rule (kind, name, version, hash, in_force, enforced_at)
VALUES ($kind, $name, $version, $hash, 1, $at)
ON CONFLICT (kind, name, version) DO UPDATE SET hash = excluded.hash, in_force = 1,
  enforced_at = excluded.enforced_at;
-- :apply
INSERT INTO document (hash, kind, name, rows, seq, imported_at, imported_by)
VALUES ($hash, $kind, $name, 1, $seq, $at, $actor) ON CONFLICT (hash) DO NOTHING;

-- :one laboratory The laboratory.
-- :out name text
-- :out issuer text
-- :out created_at int
SELECT name, issuer, created_at FROM laboratory WHERE one = 1;

-- :one operator_find An operator by the short name.
-- :in operator text
-- :out name text
SELECT name FROM operator WHERE operator = $operator;

-- :many operators Everybody who may work here.
-- :out operator text
-- :out name text
-- :out added_at int
-- :scan-ok "a laboratory has some hundred operators"
SELECT operator, name, added_at FROM operator ORDER BY operator;

-- :one site_find A site.
-- :in site text
-- :out name text
SELECT name FROM site WHERE site = $site;

-- :many sites All sites.
-- :out site text
-- :out name text
-- :out added_at int
-- :scan-ok "a laboratory has some thousand sites"
SELECT site, name, added_at FROM site ORDER BY site;

-- :one rule_in_force The version of a rule that is in force.
-- :in kind text
-- :in name text
-- :out version int
-- :out hash text
SELECT version, hash FROM rule WHERE kind = $kind AND name = $name AND in_force = 1;

-- :one rule_find One version of a rule.
-- :in kind text
-- :in name text
-- :in version int
-- :out hash text
-- :out in_force int
SELECT hash, in_force FROM rule WHERE kind = $kind AND name = $name AND version = $version;

-- :many rules All versions of all rules.
-- :out kind text
-- :out name text
-- :out version int
-- :out hash text
-- :out in_force int
-- :out enforced_at int
-- :scan-ok "some dozens of rows"
SELECT kind, name, version, hash, in_force, enforced_at FROM rule ORDER BY kind, name, version;
