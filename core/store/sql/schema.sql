-- The tables. `journal` and `attachment` are written by the store itself; every other table is made from
-- the journal by the :apply statements beside the facts, and by nothing else.
--
-- Keys are what people read on labels (tube, plate, box) or small numbers that a fact gave (subject,
-- result, region, run). Times are UTC microseconds.
-- :schema

CREATE TABLE journal (
  seq INTEGER NOT NULL PRIMARY KEY,
  body TEXT NOT NULL,
  hash TEXT NOT NULL
);

CREATE TABLE attachment (
  hash TEXT NOT NULL PRIMARY KEY,
  size INTEGER NOT NULL,
  bytes BLOB NOT NULL
);

CREATE TABLE laboratory (
  one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
  name TEXT NOT NULL,
  issuer TEXT NOT NULL,
  created_at INTEGER NOT NULL
);

CREATE TABLE operator (
  operator TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  added_at INTEGER NOT NULL
);

CREATE TABLE site (
  site TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  added_at INTEGER NOT NULL
);

-- Assays, layouts and profiles in force. One row a version; the newest of a name is in force.
CREATE TABLE rule (
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  hash TEXT NOT NULL,
  in_force INTEGER NOT NULL,
  enforced_at INTEGER NOT NULL,
  PRIMARY KEY (kind, name, version)
);

-- Files that came from outside, by the hash of their content (attachment has the bytes).
CREATE TABLE document (
  hash TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  rows INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  imported_at INTEGER NOT NULL,
  imported_by TEXT NOT NULL
);

CREATE TABLE region (
  region INTEGER NOT NULL PRIMARY KEY,
  city TEXT NOT NULL,
  county TEXT NOT NULL,
  township TEXT NOT NULL,
  village TEXT NOT NULL
);
CREATE UNIQUE INDEX region_path ON region (city, county, township, village);

CREATE TABLE subject (
  subject INTEGER NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  national_id TEXT,
  external_id TEXT,
  phone TEXT,
  region INTEGER NOT NULL,
  household TEXT,
  grp TEXT NOT NULL,
  document TEXT,
  line INTEGER
);
CREATE UNIQUE INDEX subject_national_id ON subject (national_id) WHERE national_id IS NOT NULL;
CREATE UNIQUE INDEX subject_external_id ON subject (external_id) WHERE external_id IS NOT NULL;

-- The same subject in a further roster: linked by hand's order, never merged in silence.
CREATE TABLE roster_link (
  document TEXT NOT NULL,
  line INTEGER NOT NULL,
  subject INTEGER NOT NULL,
  PRIMARY KEY (document, line)
);

CREATE TABLE tube (
  tube TEXT NOT NULL PRIMARY KEY,
  issuer TEXT NOT NULL,
  symbology TEXT NOT NULL,
  capacity INTEGER NOT NULL,
  household INTEGER NOT NULL,
  site TEXT NOT NULL,
  state TEXT NOT NULL,
  swabs INTEGER NOT NULL,
  opened_at INTEGER NOT NULL,
  opened_by TEXT NOT NULL,
  closed_at INTEGER,
  closed_by TEXT,
  received_at INTEGER,
  received_by TEXT,
  box TEXT,
  rejected TEXT,
  attempts INTEGER NOT NULL,
  call TEXT,
  next TEXT,
  why TEXT,
  state_at INTEGER NOT NULL
);
CREATE INDEX tube_state ON tube (state, state_at);
CREATE INDEX tube_opened ON tube (opened_at);
CREATE INDEX tube_box ON tube (box);

-- What a person (or place) is waiting for: one row from the first swab to the final answer.
CREATE TABLE result (
  result INTEGER NOT NULL PRIMARY KEY,
  subject INTEGER NOT NULL,
  status TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  swabs INTEGER NOT NULL,
  tube TEXT NOT NULL,
  decided_at INTEGER,
  decided_by TEXT
);
CREATE INDEX result_subject ON result (subject);
CREATE INDEX result_open ON result (opened_at) WHERE status = 'open';
CREATE INDEX result_decided ON result (decided_at);

CREATE TABLE swab (
  tube TEXT NOT NULL,
  place INTEGER NOT NULL,
  subject INTEGER NOT NULL,
  result INTEGER NOT NULL,
  taken_at INTEGER NOT NULL,
  taken_by TEXT NOT NULL,
  withdrawn INTEGER NOT NULL,
  PRIMARY KEY (tube, place)
);
CREATE INDEX swab_subject ON swab (subject);
CREATE INDEX swab_result ON swab (result);
CREATE INDEX swab_taken ON swab (taken_at);

CREATE TABLE box (
  box TEXT NOT NULL PRIMARY KEY,
  state TEXT NOT NULL,
  announced_at INTEGER NOT NULL,
  document TEXT,
  holder TEXT,
  closed_at INTEGER
);

CREATE TABLE box_tube (
  box TEXT NOT NULL,
  tube TEXT NOT NULL,
  said_swabs INTEGER,
  state TEXT NOT NULL,
  PRIMARY KEY (box, tube)
);
CREATE INDEX box_tube_tube ON box_tube (tube);

CREATE TABLE custody (
  seq INTEGER NOT NULL PRIMARY KEY,
  box TEXT NOT NULL,
  giver TEXT NOT NULL,
  taker TEXT NOT NULL,
  handed_at INTEGER NOT NULL
);
CREATE INDEX custody_box ON custody (box);

CREATE TABLE plate (
  plate TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  wells INTEGER NOT NULL,
  layout TEXT NOT NULL,
  layout_hash TEXT NOT NULL,
  assay TEXT,
  assay_hash TEXT,
  source TEXT,
  state TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  sealed_at INTEGER
);
CREATE INDEX plate_state ON plate (state);
CREATE INDEX plate_created ON plate (created_at);
CREATE INDEX plate_source ON plate (source);

-- What is in a well: a tube's material, a laboratory pool, or a control. Position counts by row from 0.
-- `source…`: the well that it was stamped from.
CREATE TABLE well (
  plate TEXT NOT NULL,
  position INTEGER NOT NULL,
  tube TEXT,
  pool TEXT,
  control TEXT,
  stage TEXT,
  source TEXT,
  source_position INTEGER,
  filled_at INTEGER NOT NULL,
  filled_by TEXT NOT NULL,
  PRIMARY KEY (plate, position)
);
CREATE INDEX well_tube ON well (tube) WHERE tube IS NOT NULL;
CREATE INDEX well_pool ON well (pool) WHERE pool IS NOT NULL;
CREATE INDEX well_filled ON well (filled_at);

CREATE TABLE run (
  run INTEGER NOT NULL PRIMARY KEY,
  plate TEXT NOT NULL,
  document TEXT NOT NULL,
  format TEXT NOT NULL,
  name TEXT NOT NULL,
  instrument TEXT NOT NULL,
  serial TEXT NOT NULL,
  software TEXT NOT NULL,
  ended_at INTEGER,
  names_checked INTEGER NOT NULL,
  imported_at INTEGER NOT NULL,
  imported_by TEXT NOT NULL,
  assay TEXT,
  assay_hash TEXT,
  judged_at INTEGER
);
CREATE INDEX run_plate ON run (plate);
CREATE INDEX run_imported ON run (imported_at);

-- Cq, amplification and the software's own word are three fields.
CREATE TABLE reading (
  run INTEGER NOT NULL,
  position INTEGER NOT NULL,
  target TEXT NOT NULL,
  cq REAL,
  amp TEXT NOT NULL,
  vendor_call TEXT,
  sample TEXT,
  omitted INTEGER NOT NULL,
  PRIMARY KEY (run, position, target)
);

CREATE TABLE control_check (
  run INTEGER NOT NULL,
  position INTEGER NOT NULL,
  control TEXT NOT NULL,
  covers TEXT NOT NULL,
  passed INTEGER NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (run, position)
);

CREATE TABLE well_call (
  run INTEGER NOT NULL,
  position INTEGER NOT NULL,
  tube TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  call TEXT NOT NULL,
  next TEXT NOT NULL,
  rule TEXT NOT NULL,
  text TEXT NOT NULL,
  held TEXT,
  PRIMARY KEY (run, position)
);
CREATE INDEX well_call_tube ON well_call (tube);

CREATE TABLE recall (
  tube TEXT NOT NULL,
  subject INTEGER NOT NULL,
  result INTEGER NOT NULL,
  why TEXT NOT NULL,
  isolate INTEGER NOT NULL,
  notify INTEGER NOT NULL,
  opened_at INTEGER NOT NULL,
  done_tube TEXT,
  done_at INTEGER,
  PRIMARY KEY (tube, subject)
);
CREATE INDEX recall_subject ON recall (subject);
CREATE INDEX recall_open ON recall (opened_at) WHERE done_at IS NULL;

-- Laboratory pools. A batch: tubes that were laid into pools by one design and are decoded together.
-- `round` counts what was planned after the design, `decodes` its decodes; `alarm` says what is wrong with
-- the readings of a batch that is held.
CREATE TABLE batch (
  batch INTEGER NOT NULL PRIMARY KEY,
  state TEXT NOT NULL,
  design TEXT NOT NULL,
  family TEXT NOT NULL,
  parameters TEXT NOT NULL,
  layout TEXT NOT NULL,
  layout_hash TEXT NOT NULL,
  aliquot_nl INTEGER NOT NULL,
  well_nl INTEGER NOT NULL,
  tube_nl INTEGER,
  dead_nl INTEGER NOT NULL,
  prevalence REAL,
  round INTEGER NOT NULL,
  decodes INTEGER NOT NULL,
  alarm TEXT,
  accepted INTEGER NOT NULL,
  planned_at INTEGER NOT NULL,
  planned_by TEXT NOT NULL
);

-- `sample`: its column in the matrix, from 1. `rack`, `position`: where it stands, racks from 1, places by
-- row from 0. `live`: 0 once the batch was voided. Posterior, error and call: of the newest decode.
CREATE TABLE batch_tube (
  batch INTEGER NOT NULL,
  tube TEXT NOT NULL,
  sample INTEGER NOT NULL,
  rack INTEGER NOT NULL,
  position INTEGER NOT NULL,
  live INTEGER NOT NULL,
  posterior REAL,
  error REAL,
  call TEXT,
  PRIMARY KEY (batch, tube)
);
CREATE UNIQUE INDEX batch_tube_live ON batch_tube (tube) WHERE live = 1;
CREATE INDEX batch_tube_tube ON batch_tube (tube);

-- `tubes`: how many aliquots belong in it. `place`, `position`: the pool plate, from 1, and the well by row.
-- Call, reading (+ - ? !) and Cq: the last that was judged.
CREATE TABLE pool (
  pool TEXT NOT NULL PRIMARY KEY,
  serial INTEGER NOT NULL,
  batch INTEGER NOT NULL,
  number INTEGER NOT NULL,
  round INTEGER NOT NULL,
  place INTEGER NOT NULL,
  position INTEGER NOT NULL,
  tubes INTEGER NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  call TEXT,
  reading TEXT,
  cq REAL,
  next TEXT,
  why TEXT,
  made_at INTEGER,
  made_by TEXT,
  state_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX pool_serial ON pool (serial);
CREATE UNIQUE INDEX pool_number ON pool (batch, number);
CREATE INDEX pool_state ON pool (state, state_at);

CREATE TABLE aliquot (
  pool TEXT NOT NULL,
  tube TEXT NOT NULL,
  nl INTEGER NOT NULL,
  state TEXT NOT NULL,
  why TEXT,
  PRIMARY KEY (pool, tube)
);
CREATE INDEX aliquot_tube ON aliquot (tube);

CREATE TABLE pool_call (
  run INTEGER NOT NULL,
  position INTEGER NOT NULL,
  pool TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  call TEXT NOT NULL,
  cq REAL,
  next TEXT NOT NULL,
  rule TEXT NOT NULL,
  text TEXT NOT NULL,
  held TEXT,
  PRIMARY KEY (run, position)
);
CREATE INDEX pool_call_pool ON pool_call (pool);

-- What a batch's readings were worked back to, and by which policy (`profile`: the hash of its bytes).
CREATE TABLE decode (
  batch INTEGER NOT NULL,
  decode INTEGER NOT NULL,
  method TEXT NOT NULL,
  bound REAL NOT NULL,
  logz REAL NOT NULL,
  confidence REAL NOT NULL,
  profile TEXT NOT NULL,
  evidence TEXT NOT NULL,
  alarm TEXT,
  accepted INTEGER NOT NULL,
  tubes INTEGER NOT NULL,
  decoded_at INTEGER NOT NULL,
  decoded_by TEXT NOT NULL,
  PRIMARY KEY (batch, decode)
);

-- Scans that were refused: where, what, why.
CREATE TABLE refusal (
  seq INTEGER NOT NULL PRIMARY KEY,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  station TEXT NOT NULL,
  place TEXT NOT NULL,
  scan TEXT NOT NULL,
  code TEXT NOT NULL,
  text TEXT NOT NULL
);
CREATE INDEX refusal_at ON refusal (at);

-- Printers of labels. `number` is what a process claims that works one. It stays when the printer is added again.
CREATE TABLE printer (
  printer TEXT NOT NULL PRIMARY KEY,
  number INTEGER NOT NULL,
  uri TEXT NOT NULL,
  language TEXT NOT NULL,
  dpi INTEGER NOT NULL,
  added_at INTEGER NOT NULL,
  added_by TEXT NOT NULL,
  removed_at INTEGER,
  stopped_at INTEGER,
  fault TEXT,
  stopped_text TEXT
);

-- Labels that were queued together.
CREATE TABLE label_batch (
  batch INTEGER NOT NULL PRIMARY KEY,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  count INTEGER NOT NULL,
  template TEXT NOT NULL,
  version INTEGER NOT NULL,
  template_hash TEXT NOT NULL,
  printer TEXT NOT NULL,
  texts TEXT,
  queued_at INTEGER NOT NULL,
  queued_by TEXT NOT NULL
);

-- One row a sticker. `serial` where its number was new, `sent` is the fact by which it may have left,
-- `run` the first such fact of the same run, `note` why it is void, where it was applied, how or why else it is in its state.
CREATE TABLE label (
  label INTEGER NOT NULL PRIMARY KEY,
  id TEXT NOT NULL,
  copy INTEGER NOT NULL,
  thing TEXT NOT NULL,
  serial INTEGER,
  site TEXT,
  texts TEXT,
  state TEXT NOT NULL,
  state_at INTEGER NOT NULL,
  reserved_at INTEGER NOT NULL,
  reserved_by TEXT NOT NULL,
  batch INTEGER,
  printer TEXT,
  sent INTEGER,
  run INTEGER,
  void_by TEXT,
  note TEXT
);
CREATE INDEX label_id ON label (id);
CREATE UNIQUE INDEX label_serial ON label (thing, serial) WHERE serial IS NOT NULL;
CREATE INDEX label_batch_labels ON label (batch) WHERE batch IS NOT NULL;
CREATE INDEX label_queued ON label (printer, batch, label) WHERE state = 'queued';
CREATE INDEX label_unsettled ON label (printer, sent, label) WHERE state IN ('sent', 'unconfirmed');
