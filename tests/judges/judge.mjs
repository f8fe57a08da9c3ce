// judge.mjs MODULES LIST: judges what LIST names, a line each, its words separated by tabs.
//
//   same JOB DPMM PNG TEXT...            the job, rendered, has the very dots of the PNG, and each TEXT is read from it
//   like JOB DPMM PNG TEXT...            the job, rendered as large as the PNG: each TEXT is read from it
//   page PNG TEXT...                     each TEXT is read from the picture
//   sheet PNG COLUMNS ROWS AIM TEXT...   each cell of an even sheet has its TEXT, with the symbology's AIM identifier
//
// A TEXT may begin with its AIM identifier and a blank: "]C1 0109…". Prints what is wrong; exit 1.
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { crop, readPng } from './png.mjs';

const modules = path.resolve(process.argv[2]);
const require = createRequire(path.join(modules, 'x.cjs'));
const { ready } = require('zpl-renderer-js');
const { readBarcodes, prepareZXingModule } =
	await import(pathToFileURL(require.resolve('zxing-wasm/reader')).href);
const { api } = await ready;
const wasm = fs.readFileSync(path.join(modules, 'zxing-wasm/dist/reader/zxing_reader.wasm'));
await prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer }, fireImmediately: true });

let failures = 0, judged = 0;
const wrong = (what, why) => { console.log(`${what}: ${why}`); failures++; };

async function read(image) {
	const found = await readBarcodes(image, { tryHarder: true, formats: [], maxNumberOfSymbols: 255 });
	return found.filter(one => one.isValid).map(one => ({ aim: one.symbologyIdentifier,
		text: Buffer.from(one.bytes).toString('utf8') }));
}

function says(found, text) {
	const aim = /^(\][A-Za-z]\d) /.exec(text)?.[1], data = aim ? text.slice(4) : text;
	return found.some(one => one.text === data && (aim === undefined || one.aim === aim));
}

function sameDots(name, rendered, ours) {
	let differ = 0;
	for (let y = 0; y < ours.height; y++)
		for (let x = 0; x < ours.width; x++)
			differ += rendered.black(x, y) !== ours.black(x, y);
	if (differ > 0)
		wrong(name, `${differ} of ${ours.width} × ${ours.height} dots differ from our picture`);
}

// The renderer's labels are millimetres of 8, 12 or 24 dots, and a narrower one is moved to the middle: it is told
// the millimetres that make our dots.
async function judgeJob([job, dpmm, png, ...texts], same) {
	const ours = readPng(fs.readFileSync(png));
	const pages = await api.zplToBase64MultipleAsync(fs.readFileSync(job, 'utf8'),
		ours.width / dpmm, ours.height / dpmm, +dpmm);
	if (pages.length !== 1)
		return wrong(job, `${pages.length} labels`);
	const page = readPng(Buffer.from(pages[0], 'base64'));
	if (page.width < ours.width || page.height < ours.height)
		return wrong(job, `${page.width} × ${page.height} dots, not ${ours.width} × ${ours.height}`);
	if (same)
		sameDots(job, page, ours);
	const found = await read(crop(page, 0, 0, page.width, page.height, 40));
	for (const text of texts)
		if (!says(found, text))
			wrong(job, `'${text}' is not read, but ${JSON.stringify(found)}`);
}

async function judgePage([png, ...texts]) {
	const page = readPng(fs.readFileSync(png));
	const found = await read(crop(page, 0, 0, page.width, page.height, 40));
	for (const text of texts)
		if (!says(found, text))
			wrong(png, `'${text}' is not read, but ${JSON.stringify(found)}`);
}

async function judgeSheet([png, columns, rows, aim, ...texts]) {
	const page = readPng(fs.readFileSync(png));
	const width = Math.floor(page.width / columns), height = Math.floor(page.height / rows);
	for (const [i, text] of texts.entries()) {
		const left = Math.round(i % columns * page.width / columns);
		const top = Math.round(Math.floor(i / columns) * page.height / rows);
		const found = await read(crop(page, left, top, width, height, 20));
		if (!says(found, `${aim} ${text}`))
			wrong(`${png} ${i + 1}`, `'${text}' is not read, but ${JSON.stringify(found)}`);
	}
}

for (const line of fs.readFileSync(process.argv[3], 'utf8').split('\n').filter(line => line !== '')) {
	const [kind, ...words] = line.split('\t');
	judged++;
	if (kind === 'same' || kind === 'like')
		await judgeJob(words, kind === 'same');
	else
		await { page: judgePage, sheet: judgeSheet }[kind](words);
}
console.log(`${judged} pictures were judged`);
process.exit(failures > 0 || judged === 0 ? 1 : 0);
