// Reads what the page carries: JSON, and in it columns of numbers (plot/html/packer.h).

function bytesOfBase64(text) {
	const binary = atob(text), bytes = new Uint8Array(binary.length);
	for (let i = 0; i < bytes.length; i++)
		bytes[i] = binary.charCodeAt(i);
	return bytes;
}

async function inflate(bytes) {
	const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
	return new Uint8Array(await new Response(stream).arrayBuffer());
}

class ColumnReader {
	constructor(bytes) {
		this.bytes = bytes;
		this.at = 0;
	}

	// @count numbers, each times @scale.
	column(count, scale) {
		const numbers = new Float64Array(count), bytes = this.bytes;
		let at = this.at, number = 0;
		for (let i = 0; i < count; i++) {
			let byte = bytes[at++], coded = byte & 127;
			for (let times = 128; byte > 127; times *= 128) {
				byte = bytes[at++];
				coded += (byte & 127) * times;
			}
			number += coded % 2 === 1 ? -(coded + 1) / 2 : coded / 2;
			numbers[i] = number * scale;
		}
		this.at = at;
		return numbers;
	}

	single() {
		return this.column(1, 1)[0];
	}
}

const MICROSECOND = 1e-6, NANOSECOND = 1e-9, KIB = 1 / 1024; // in seconds, in MiB

function readSeries(reader) {
	const count = reader.single();
	return { count, t: reader.column(count, MICROSECOND), mib: reader.column(count, KIB) };
}

function readCalls(reader) {
	const count = reader.single();
	const calls = {
		count,
		from: reader.column(count, MICROSECOND),
		to: reader.column(count, NANOSECOND),
		mibIn: reader.column(count, KIB),
		mibOut: reader.column(count, KIB),
		func: Uint32Array.from(reader.column(count, 1)),
		process: Uint32Array.from(reader.column(count, 1)),
		tid: reader.column(count, 1),
		level: reader.column(count, 1),
		flags: Uint8Array.from(reader.column(count, 1)),
	};
	for (let i = 0; i < count; i++)
		calls.to[i] += calls.from[i];
	return calls;
}

function readCondensed(reader) {
	const windows = [];
	for (let left = reader.single(); left > 0; left--) {
		const [from, to] = reader.column(2, MICROSECOND);
		windows.push({
			from, to, count: reader.single(), total: reader.single() * NANOSECOND,
			longest: reader.single() * NANOSECOND, gained: reader.single() * KIB,
			highest: reader.single() * KIB, process: reader.single(),
		});
	}
	return windows;
}

async function readPayload() {
	const payload = JSON.parse(document.getElementById("payload").textContent);
	const reader = new ColumnReader(await inflate(bytesOfBase64(payload.packed)));
	for (const profile of payload.profiles) {
		for (const process of profile.processes)
			process.series = readSeries(reader);
		profile.calls = readCalls(reader);
		readStacks(profile);
		for (const func of profile.functions) {
			if (func !== null)
				func.condensed = readCondensed(reader);
		}
	}
	payload.packed = null;
	return payload;
}
