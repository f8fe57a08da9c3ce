#include "tests/unit/store/story.h"

#include <string.h>

#include "tests/unit/store/fixture.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Each chapter is one transaction; after the first failure nothing more is written. */
typedef struct teller {
	pw_store *store;
	pw_err *err;
	pw_status rc;
} teller;

#define TELL(t, type, ...)                                                         \
	do {                                                                       \
		const pw_##type fact = {__VA_ARGS__};                              \
		if ((t)->rc == PW_OK)                                              \
			(t)->rc = pw_##type##_append((t)->store, &fact, (t)->err); \
	} while (0)

/* Keeps a text as a file that came from outside. */
static void keep(teller *t, const char *text, char out_hex[PW_HASH_HEX])
{
	pw_hash hash = {{0}};
	bool known;
	if (t->rc == PW_OK)
		t->rc = pw_store_attach(t->store, text, strlen(text), &hash, &known, t->err);
	pw_hash_hex(&hash, out_hex);
}

static void tell_beginning(teller *t)
{
	char v1[PW_HASH_HEX], v2[PW_HASH_HEX];
	TELL(t, lab_created, .name = "Harbour 实验室", .issuer = "SZP");
	TELL(t, operator_added, .operator= "anna", .name = "Anna Ek");
	TELL(t, operator_added, .operator= "bo", .name = "Bo Li");
	TELL(t, site_added, .site = "S1", .name = "North gate");
	TELL(t, site_added, .site = "S2", .name = "Market");
	keep(t, "assay: orf1ab-n\nversion: 1\n", v1);
	TELL(t, rule_enforced, .kind = "assay", .name = "orf1ab-n", .version = 1, .hash = v1);
	keep(t, "assay: orf1ab-n\nversion: 2\n", v2);
	TELL(t, rule_enforced, .kind = "assay", .name = "orf1ab-n", .version = 2, .hash = v2);
	TELL(t, region_added, .region = 1, .city = "Shenzhen", .county = "Nanshan",
	     .township = "Yuehai", .village = "Dachong");
	TELL(t, region_added, .region = 2, .city = "Shenzhen", .county = "Futian",
	     .township = "Lianhua", .village = "");
}

static void tell_rosters(teller *t)
{
	char first[PW_HASH_HEX], second[PW_HASH_HEX];
	const pw_subjects_registered_item people[] = {
		{.subject = 1,
		 .kind = "person",
		 .name = "王小明",
		 .national_id = "11010519491231002X",
		 .external_id = "E-1",
		 .phone = "13800000001",
		 .region = 1,
		 .household = "7-301",
		 .grp = "voluntary",
		 .line = pw_some_int(2)},
		{.subject = 2,
		 .kind = "person",
		 .name = "O'Hara \"Zoë\"",
		 .region = 1,
		 .household = "7-301",
		 .grp = "medical",
		 .line = pw_some_int(3)},
		{.subject = 3,
		 .kind = "person",
		 .name = "Ann\tLee",
		 .external_id = "E-3",
		 .region = 2,
		 .grp = "voluntary",
		 .line = pw_some_int(4)},
		{.subject = 4,
		 .kind = "place",
		 .name = "stall 12",
		 .region = 2,
		 .grp = "cold-chain"},
	};
	const pw_roster_linked_item rows[] = {{.line = 2, .subject = 1}, {.line = 5, .subject = 3}};
	keep(t, "name\nwang\n", first);
	TELL(t, roster_imported, .hash = first, .name = "block-7.csv", .rows = 4);
	TELL(t, subjects_registered, .document = first, .subjects = people,
	     .subjects_count = COUNT(people));
	TELL(t, subjects_registered, .document = NULL, .subjects = people, .subjects_count = 0);
	keep(t, "name\nwang again\n", second);
	TELL(t, roster_imported, .hash = second, .name = "block-8.csv", .rows = 2);
	TELL(t, roster_linked, .document = second, .rows = rows, .rows_count = COUNT(rows));
}

static void tell_labels(teller *t)
{
	char file[PW_HASH_HEX];
	const pw_labels_reserved_item tubes[] = {
		{.label = 1, .id = "SZT00000001N", .serial = pw_some_int(1)},
		{.label = 2, .id = "SZT00000002L", .serial = pw_some_int(2)},
		{.label = 3, .id = "SZT00000003J", .serial = pw_some_int(3)}};
	const pw_labels_reserved_item cards[] = {
		{.label = 4, .id = "SZP00000001P", .texts = "name=王小明\n"}};
	keep(t, "poolwell: label/1\n", file);
	TELL(t, printer_added, .printer = "bench", .uri = "tcp:printer:9100", .language = "zpl",
	     .dpi = 300);
	TELL(t, printer_added, .printer = "old", .uri = "file:x", .language = "epl", .dpi = 203);
	TELL(t, printer_removed, .printer = "old");
	TELL(t, rule_enforced, .kind = "label", .name = "tube", .version = 1, .hash = file);
	TELL(t, labels_reserved, .thing = "tube", .site = "S1", .labels = tubes,
	     .labels_count = COUNT(tubes));
	TELL(t, labels_reserved, .thing = "person", .labels = cards, .labels_count = COUNT(cards));
	TELL(t, labels_queued, .batch = 1, .first = 1, .last = 4, .count = 4, .template = "tube",
	     .version = 1, .template_hash = file, .printer = "bench", .texts = "site=S1\n");
	TELL(t, labels_sent, .printer = "bench", .run = 20, .first = 1, .last = 4);
	TELL(t, labels_confirmed, .first = 1, .last = 1, .how = "device");
	TELL(t, labels_unconfirmed, .first = 2, .last = 2, .why = "ended");
	TELL(t, labels_requeued, .first = 3, .last = 4, .why = "not-sent");
	TELL(t, printer_stopped, .printer = "bench", .fault = "paper-out",
	     .text = "out of labels: load a roll");
	TELL(t, label_applied, .label = 1, .id = "SZT00000001N", .place = "opening a tube");
	TELL(t, labels_voided, .first = 2, .last = 2);
	TELL(t, label_reprinted, .label = 5, .old = 4, .copy = 2);
}

static void open_story_tube(teller *t, const char *tube, int64_t capacity)
{
	TELL(t, tube_opened, .tube = tube, .issuer = "SZP", .symbology = "code128",
	     .capacity = capacity, .household = capacity == 1 ? 1 : 0, .site = "S1");
}

static void tell_collection(teller *t)
{
	char log[PW_HASH_HEX];
	open_story_tube(t, "T1", 10);
	TELL(t, swab_taken, .tube = "T1", .place = 1, .subject = 1, .result = 1);
	TELL(t, swab_taken, .tube = "T1", .place = 2, .subject = 2, .result = 2);
	TELL(t, swab_taken, .tube = "T1", .place = 3, .subject = 4, .result = 4);
	TELL(t, swab_withdrawn, .tube = "T1", .place = 3, .subject = 4, .result = 4);
	TELL(t, tube_closed, .tube = "T1", .count = 2);
	open_story_tube(t, "T2", 1);
	TELL(t, swab_taken, .tube = "T2", .place = 1, .subject = 3, .result = 3);
	TELL(t, tube_closed, .tube = "T2", .count = 1);
	open_story_tube(t, "T3", 5);
	TELL(t, tube_closed, .tube = "T3", .count = 0);
	open_story_tube(t, "T4", 5);
	open_story_tube(t, "T5", 5);
	keep(t, "tube,subject\n", log);
	TELL(t, log_imported, .hash = log, .name = "market.csv", .rows = 0);
	TELL(t, scan_refused, .place = "collect T1", .scan = "T9", .code = "tube-unknown",
	     .text = "no tube 'T9'");
}

static void tell_reception(teller *t)
{
	char manifest[PW_HASH_HEX];
	const pw_box_announced_item tubes[] = {{.tube = "T1", .swabs = pw_some_int(2)},
					       {.tube = "T2"},
					       {.tube = "T3"},
					       {.tube = "T6"}};
	keep(t, "box,tube\n", manifest);
	TELL(t, manifest_imported, .hash = manifest, .name = "box-1.csv", .rows = 4);
	TELL(t, box_announced, .box = "B1", .document = manifest, .tubes = tubes,
	     .tubes_count = COUNT(tubes));
	TELL(t, box_announced, .box = "B2", .tubes = tubes, .tubes_count = 0);
	TELL(t, custody_handed, .box = "B1", .giver = "driver", .taker = "anna");
	TELL(t, tube_received, .tube = "T1", .box = "B1");
	TELL(t, tube_received, .tube = "T2", .box = "B1");
	TELL(t, tube_received, .tube = "T4", .box = "B1");
	TELL(t, tube_received, .tube = "T5", .box = NULL);
	TELL(t, tube_rejected, .tube = "T3", .cause = "leaking");
	TELL(t, box_closed, .box = "B1", .expected = 4, .received = 3, .missing = 1, .extra = 1);
}

static void tell_plates(teller *t)
{
	const pw_plate_created_item controls[] = {{.position = 0, .control = "ntc"},
						  {.position = 95, .control = "positive"}};
	const pw_plate_stamped_item content[] = {
		{.position = 0, .control = "ntc", .stage = "extraction", .stamped = 1},
		{.position = 1, .tube = "T1", .stamped = 1},
		{.position = 2, .tube = "T2", .stamped = 1},
		{.position = 94, .control = "pcr-ntc", .stage = "pcr"},
	};
	const pw_plate_voided_item lost[] = {
		{.tube = "T1", .state = "received"},
		{.tube = "T2", .state = "retest", .next = "re-extract"}};
	TELL(t, plate_created, .plate = "E1", .wells = 96, .layout = "standard",
	     .layout_hash = "0a", .controls = controls, .controls_count = COUNT(controls));
	TELL(t, well_filled, .plate = "E1", .position = 1, .tube = "T1");
	TELL(t, well_filled, .plate = "E1", .position = 2, .tube = "T2");
	TELL(t, well_filled, .plate = "E1", .position = 3, .tube = "T4");
	TELL(t, well_cleared, .plate = "E1", .position = 3, .tube = "T4", .state = "received");
	TELL(t, plate_sealed, .plate = "E1", .filled = 2);
	for (int i = 0; i < 2; i++)
		TELL(t, plate_stamped, .plate = i == 0 ? "P0" : "P1", .source = "E1", .wells = 96,
		     .layout = "standard", .layout_hash = "0a", .assay = "orf1ab-n",
		     .assay_hash = "0b", .content = content, .content_count = COUNT(content));
	TELL(t, plate_voided, .plate = "P0", .tubes = lost, .tubes_count = COUNT(lost));
}

static void tell_run(teller *t)
{
	char file[PW_HASH_HEX];
	const pw_run_read_item readings[] = {
		{.position = 1,
		 .target = "N",
		 .cq = pw_some_real(28.5),
		 .amp = "amp",
		 .sample = "T1"},
		{.position = 1, .target = "ORF1ab", .amp = "no-amp"},
		{.position = 2,
		 .target = "N",
		 .cq = pw_some_real(39.99),
		 .amp = "inconclusive",
		 .vendor_call = "Presence",
		 .sample = "T2"},
	};
	const pw_run_controls_item controls[] = {{.position = 0,
						  .control = "ntc",
						  .covers = "extraction-plate",
						  .passed = 1,
						  .text = "no target, as expected"},
						 {.position = 94,
						  .control = "pcr-ntc",
						  .covers = "run",
						  .passed = 0,
						  .text = "N 36.1"}};
	const pw_run_called_item wells[] = {{.position = 1,
					     .tube = "T1",
					     .attempt = 1,
					     .call = "positive",
					     .next = "report",
					     .rule = "both",
					     .text = "N 28.5"},
					    {.position = 2,
					     .tube = "T2",
					     .attempt = 1,
					     .call = "inconclusive",
					     .next = "repeat-pcr",
					     .rule = "grey",
					     .text = "N 39.99",
					     .held = "pcr-ntc failed"}};
	const pw_tubes_called_item tubes[] = {{.tube = "T1",
					       .state = "recalled",
					       .attempts = 1,
					       .call = "positive",
					       .why = "a positive pool"},
					      {.tube = "T2",
					       .state = "retest",
					       .attempts = 1,
					       .next = "repeat-pcr",
					       .why = "the grey zone"}};
	keep(t, "Well,Cq\nA02,28.5\n", file);
	TELL(t, run_imported, .run = 1, .plate = "P1", .hash = file, .file = "run-1.csv",
	     .format = "cfx-cq", .name = "run 1", .instrument = "CFX96", .serial = "785",
	     .software = "3.1", .ended_at = pw_some_int(FIXTURE_NOW - PW_HOUR), .names_checked = 1,
	     .readings = 3);
	TELL(t, run_read, .run = 1, .readings = readings, .readings_count = COUNT(readings));
	TELL(t, run_controls, .run = 1, .assay = "orf1ab-n", .assay_hash = "0b",
	     .controls = controls, .controls_count = COUNT(controls));
	TELL(t, run_called, .run = 1, .plate = "P1", .wells = wells, .wells_count = COUNT(wells));
	TELL(t, tubes_called, .run = 1, .tubes = tubes, .tubes_count = COUNT(tubes));
}

static void tell_resolution(teller *t)
{
	const pw_recall_opened_item people[] = {{.subject = 1, .result = 1},
						{.subject = 2, .result = 2}};
	const pw_results_decided_item results[] = {
		{.result = 1, .subject = 1, .status = "positive", .tube = "T5"},
		{.result = 3, .subject = 3, .status = "negative", .tube = "T2"}};
	const pw_tubes_resolved_item resolved[] = {{.tube = "T1", .positives = 1},
						   {.tube = "T2", .positives = 0}};
	TELL(t, recall_opened, .tube = "T1", .why = "positive", .isolate = 1, .notify = 1,
	     .people = people, .people_count = COUNT(people));
	TELL(t, swab_taken, .tube = "T5", .place = 1, .subject = 1, .result = 1);
	TELL(t, tube_recalled, .tube = "T4", .why = "it was lost");
	TELL(t, results_decided, .results = results, .results_count = COUNT(results));
	TELL(t, tubes_resolved, .tubes = resolved, .tubes_count = COUNT(resolved));
}

static void plan_story_pool(teller *t, int64_t batch, const char *pool, int64_t number)
{
	const pw_pool_planned_item tubes[] = {{.tube = "T6", .nl = 20000},
					      {.tube = "T7", .nl = 20000}};
	TELL(t, pool_planned, .pool = pool, .serial = number, .batch = batch, .number = number,
	     .round = 0, .place = 1, .position = number - 1, .tubes = tubes,
	     .tubes_count = COUNT(tubes));
}

static void plan_story_batch(teller *t)
{
	char design[PW_HASH_HEX];
	const pw_batch_planned_item tubes[] = {
		{.tube = "T6", .sample = 1, .rack = 1, .position = 0},
		{.tube = "T7", .sample = 2, .rack = 1, .position = 12}};
	open_story_tube(t, "T6", 1);
	open_story_tube(t, "T7", 10);
	keep(t, "# matrix\n1 1\n1 1\n", design);
	TELL(t, batch_planned, .batch = 1, .design = design, .family = "matrix", .parameters = "",
	     .layout = "std96", .layout_hash = "0a", .aliquot_nl = 20000, .well_nl = 200000,
	     .dead_nl = 0, .tubes = tubes, .tubes_count = COUNT(tubes));
	TELL(t, batch_planned, .batch = 2, .design = design, .family = "matrix",
	     .parameters = "again", .layout = "std96", .layout_hash = "0a", .aliquot_nl = 1,
	     .well_nl = 2, .tube_nl = pw_some_int(3), .dead_nl = 4,
	     .prevalence = pw_some_real(0.01), .tubes = tubes, .tubes_count = 0);
	for (int64_t i = 1; i <= 5; i++) {
		const char *const pools[] = {"A1", "A2", "A3", "A4", "A5"};
		plan_story_pool(t, i < 5 ? 1 : 2, pools[i - 1], i);
	}
}

static void make_story_pools(teller *t)
{
	const pw_aliquots_omitted_item omitted[] = {{.pool = "A1"}, {.pool = "A2"}};
	const pw_aliquots_restored_item restored[] = {{.pool = "A2", .state = "planned"}};
	TELL(t, aliquots_omitted, .tube = "T7", .pools = omitted, .pools_count = COUNT(omitted));
	TELL(t, aliquots_restored, .tube = "T7", .pools = restored, .pools_count = COUNT(restored));
	TELL(t, pool_made, .pool = "A1");
	TELL(t, pool_made, .pool = "A2");
	TELL(t, pool_unmade, .pool = "A2");
	TELL(t, pool_made, .pool = "A2");
	TELL(t, pool_made, .pool = "A3");
	TELL(t, pool_lost, .pool = "A4");
}

static void read_story_pools(teller *t)
{
	const pw_pools_stamped_item stamped[] = {{.position = 10, .pool = "A1"},
						 {.position = 11, .pool = "A2"}};
	const pw_pools_called_item calls[] = {{.position = 10,
					       .pool = "A1",
					       .attempt = 1,
					       .call = "positive",
					       .reading = "+",
					       .cq = pw_some_real(31.5),
					       .next = "report",
					       .rule = "both",
					       .text = "N 31.5"},
					      {.position = 11,
					       .pool = "A2",
					       .attempt = 1,
					       .call = "negative",
					       .reading = "-",
					       .next = "repeat-pcr",
					       .rule = "none",
					       .text = "N none",
					       .held = "pcr-ntc failed"}};
	const pw_pools_returned_item lost[] = {
		{.pool = "A2", .state = "retest", .next = "re-extract"}};
	TELL(t, pool_plated, .plate = "E1", .position = 10, .pool = "A1");
	TELL(t, pool_plated, .plate = "E1", .position = 11, .pool = "A2");
	TELL(t, pool_plated, .plate = "E1", .position = 12, .pool = "A3");
	TELL(t, pool_cleared, .plate = "E1", .position = 12, .pool = "A3", .state = "made");
	TELL(t, pools_stamped, .plate = "P0", .source = "E1", .pools = stamped,
	     .pools_count = COUNT(stamped));
	TELL(t, pools_called, .run = 1, .wells = calls, .wells_count = COUNT(calls));
	TELL(t, pools_returned, .plate = "P0", .pools = lost, .pools_count = COUNT(lost));
}

static void decode_story_batch(teller *t)
{
	const pw_batch_decoded_item posteriors[] = {
		{.tube = "T6", .posterior = 0.1, .error = 1e-9, .call = "undecided"},
		{.tube = "T7", .posterior = 0.99999, .error = 0, .call = "positive"}};
	const pw_tubes_decoded_item tubes[] = {
		{.tube = "T6", .state = "pooled", .next = "pool-next", .why = "P 0.1"},
		{.tube = "T7", .state = "recalled", .call = "positive", .why = "P 0.99999"}};
	const pw_batch_continued_item wells[] = {
		{.tube = "T6", .state = "retest", .next = "re-extract", .why = "undecided"},
		{.tube = "T7", .state = "pooled", .why = "waits"},
		{.pool = "A2", .state = "retest", .next = "re-extract", .why = "invalid"}};
	const pw_batch_continued_item again[] = {
		{.pool = "A5", .state = "retest", .next = "re-extract", .why = "invalid"}};
	const pw_batch_voided_item back[] = {
		{.tube = "T6", .state = "retest", .next = "re-extract"}};
	TELL(t, batch_decoded, .batch = 1, .decode = 1, .state = "held", .profile = "0c",
	     .confidence = 0.99, .evidence = "1+", .method = "subsets", .bound = 1e-9,
	     .logz = -3.25, .alarm = "the plate was turned", .accepted = 0, .tubes = posteriors,
	     .tubes_count = 0);
	TELL(t, batch_decoded, .batch = 1, .decode = 2, .state = "open", .profile = "0c",
	     .confidence = 0.99, .evidence = "1+", .method = "subsets", .bound = 1e-9,
	     .logz = -3.25, .accepted = 1, .tubes = posteriors, .tubes_count = COUNT(posteriors));
	TELL(t, tubes_decoded, .batch = 1, .decode = 2, .tubes = tubes,
	     .tubes_count = COUNT(tubes));
	TELL(t, batch_continued, .batch = 1, .round = 1, .prefer = "rounds", .wells = wells,
	     .wells_count = COUNT(wells));
	TELL(t, batch_voided, .batch = 1, .tubes = back, .tubes_count = COUNT(back));
	TELL(t, batch_continued, .batch = 2, .round = 0, .prefer = "rounds", .wells = again,
	     .wells_count = COUNT(again));
	TELL(t, batch_decoded, .batch = 2, .decode = 1, .state = "held", .profile = "0c",
	     .confidence = 0.99, .evidence = "1+ 2-", .method = "subsets", .bound = 1e-9,
	     .logz = -9.5, .alarm = "the plate was turned", .accepted = 0, .tubes = posteriors,
	     .tubes_count = 0);
}

static void tell_pools(teller *t)
{
	plan_story_batch(t);
	make_story_pools(t);
	read_story_pools(t);
	decode_story_batch(t);
}

static void tell_clock(teller *t)
{
	pw_store_accept_clock(t->store);
	TELL(t, clock_accepted, .before = pw_store_last_at(t->store), .now = fx.now);
}

typedef struct chapter {
	void (*tell)(teller *t);
	const char *reason;
	pw_time later; /* by how much the clock has gone on since the chapter before */
} chapter;

pw_status story_tell(pw_store *store, pw_err *err)
{
	static const chapter chapters[] = {
		{tell_beginning, NULL, 0},
		{tell_rosters, "campaign", PW_MINUTE},
		{tell_labels, "torn", PW_MINUTE},
		{tell_collection, NULL, PW_HOUR},
		{tell_reception, "the \"cold\" box", PW_HOUR},
		{tell_plates, "dropped", 5 * PW_MINUTE},
		{tell_run, NULL, 2 * PW_HOUR},
		{tell_resolution, NULL, 7},
		{tell_pools, "as it was at the bench", PW_HOUR},
		{tell_clock, "summer time", -PW_HOUR},
	};
	teller t = {store, err, PW_OK};
	for (size_t i = 0; t.rc == PW_OK && i < COUNT(chapters); i++) {
		fx.now += chapters[i].later;
		if ((t.rc = pw_store_begin(store, chapters[i].reason, err)) != PW_OK)
			break;
		chapters[i].tell(&t);
		t.rc = pw_store_end(store, t.rc, err);
	}
	return t.rc;
}
