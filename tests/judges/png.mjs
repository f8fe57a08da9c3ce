// PNG of 8 bits grey, RGB or RGBA or 1 bit grey, not interlaced → { width, height, black(x, y), rgba }.
import zlib from 'node:zlib';

function chunks(file) {
	const found = {};
	let data = [];
	for (let at = 8; at < file.length;) {
		const size = file.readUInt32BE(at), type = file.toString('latin1', at + 4, at + 8);
		if (type === 'IDAT')
			data.push(file.subarray(at + 8, at + 8 + size));
		else
			found[type] = file.subarray(at + 8, at + 8 + size);
		at += size + 12;
	}
	return { header: found.IHDR, data: zlib.inflateSync(Buffer.concat(data)) };
}

const paeth = (a, b, c) => {
	const p = a + b - c, pa = Math.abs(p - a), pb = Math.abs(p - b), pc = Math.abs(p - c);
	return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
};

function unfilter(data, stride, rows, step) {
	const out = Buffer.alloc(stride * rows);
	for (let y = 0; y < rows; y++) {
		const filter = data[y * (stride + 1)];
		for (let i = 0; i < stride; i++) {
			const raw = data[y * (stride + 1) + 1 + i];
			const a = i >= step ? out[y * stride + i - step] : 0;
			const b = y > 0 ? out[(y - 1) * stride + i] : 0;
			const c = y > 0 && i >= step ? out[(y - 1) * stride + i - step] : 0;
			const add = [0, a, b, (a + b) >> 1, paeth(a, b, c)][filter];
			out[y * stride + i] = raw + add;
		}
	}
	return out;
}

export function readPng(file) {
	const { header, data } = chunks(file);
	const width = header.readUInt32BE(0), height = header.readUInt32BE(4);
	const bits = header[8], channels = { 0: 1, 2: 3, 6: 4 }[header[9]];
	if (channels === undefined || header[12] !== 0 || !(bits === 8 || (bits === 1 && channels === 1)))
		throw new Error(`a PNG of ${bits} bits and colour type ${header[9]}`);
	const stride = Math.ceil(width * bits * channels / 8);
	const pixels = unfilter(data, stride, height, Math.max(1, channels * bits >> 3));
	const black = (x, y) => bits === 1 ? (pixels[y * stride + (x >> 3)] >> (7 - x % 8) & 1) === 0
		: pixels[y * stride + x * channels] < 128;
	return { width, height, black };
}

// A part of a picture for the reader of symbols, with some white around it.
export function crop(picture, left, top, width, height, border) {
	const w = width + 2 * border, h = height + 2 * border;
	const data = new Uint8ClampedArray(w * h * 4).fill(255);
	for (let y = 0; y < height; y++)
		for (let x = 0; x < width; x++)
			if (left + x < picture.width && top + y < picture.height && picture.black(left + x, top + y))
				data.fill(0, ((y + border) * w + x + border) * 4, ((y + border) * w + x + border) * 4 + 3);
	return { data, width: w, height: h, colorSpace: 'srgb' };
}
