// What the page shows, made of the payload: curves, functions, and the calls of each thread. No DOM.

const CALL_OPEN = 6, CALL_FORKED = 4, HELD_IN = 1, HELD_OUT = 2; // of tracer/base/profile_format.h

const LEAST_SECONDS = 0.001; // that a page shows, be there one sample only

const COLOR_CYCLE = 10, DASHES = [null, [7, 3], [2, 3]];

const cycleColor = (n) => `--cycle-${n % COLOR_CYCLE}`;
const cycleDash = (n) => DASHES[Math.floor(n / COLOR_CYCLE) % DASHES.length];

// "/usr/bin/cc1 -quiet a.c" is told apart from others by "cc1 -quiet a.c".
function shortCommand(command) {
	const [program, ...rest] = command.split(" ");
	return [program.slice(program.lastIndexOf("/") + 1), ...rest].join(" ") || command;
}

function processName(process) {
	return process.command !== null ? shortCommand(process.command) : process.pid > 0 ? `process ${process.pid}`
		: "main process";
}

// The moments at which a process's calls started and ended, in order of time: @visit is told each call, and
// whether it is its end. Starts come in order; of ends only those of calls that are open wait for theirs.
function visitMoments(calls, own, visit) {
	const { from, to } = calls, open = []; // a heap by ends
	const sift = (at) => {
		for (let child; (child = 2 * at + 1) < open.length; at = child) {
			if (child + 1 < open.length && to[open[child + 1]] < to[open[child]])
				child++;
			if (to[open[at]] <= to[open[child]])
				return;
			[open[at], open[child]] = [open[child], open[at]];
		}
	};
	const endFirst = () => {
		const i = open[0], last = open.pop();
		if (open.length > 0) {
			open[0] = last;
			sift(0);
		}
		visit(i, true);
	};
	for (const i of own) {
		while (open.length > 0 && to[open[0]] <= from[i])
			endFirst();
		visit(i, false);
		open.push(i);
		for (let at = open.length - 1, above; at > 0 && to[open[above = (at - 1) >> 1]] > to[open[at]]; at = above)
			[open[at], open[above]] = [open[above], open[at]];
	}
	while (open.length > 0)
		endFirst();
}

// The memory seen where calls start and end is part of their process's curve. What was held was not
// seen then, and a call's own memory is no point of a sum.
function mergeSeries(sampled, calls, own) {
	if (own.length === 0)
		return new Series(sampled.t, sampled.mib);
	const most = sampled.count + 2 * own.length;
	const t = new Float64Array(most), mib = new Float64Array(most);
	let next = 0, count = 0;
	const takeSamples = (until) => {
		for (; next < sampled.count && sampled.t[next] <= until; next++, count++) {
			t[count] = sampled.t[next];
			mib[count] = sampled.mib[next];
		}
	};
	visitMoments(calls, own, (i, isEnd) => {
		const flags = calls.flags[i];
		if ((flags & (isEnd ? HELD_OUT : HELD_IN)) !== 0 || isEnd && flags >> 2 === CALL_OPEN)
			return;
		const time = isEnd ? calls.to[i] : calls.from[i];
		takeSamples(time);
		t[count] = time;
		mib[count++] = isEnd ? calls.mibOut[i] : calls.mibIn[i];
	});
	takeSamples(Infinity);
	return new Series(t.subarray(0, count), mib.subarray(0, count));
}

function callsByProcess(profile) {
	const { calls } = profile, own = profile.processes.map(() => []);
	if (profile.isTree)
		return own;
	for (let i = 0; i < calls.count; i++)
		own[calls.process[i]].push(i);
	return own;
}

function makeCurves(profile, index, isPair) {
	const own = callsByProcess(profile);
	const curves = profile.processes.map((process, i) => ({
		id: `p${isPair ? index + "." : ""}${i}`, profile: index, process: i,
		name: process.isSum ? process.command : processName(process), pid: process.pid, isMain: i === 0,
		isTotal: process.isTotal === true,
		series: mergeSeries(process.series, profile.calls, own[i]), sampled: process.series,
		peak: process.peak, peakAt: process.peakAt, isHidden: isPair && i > 0 || process.isTotal === true,
	})).filter((curve) => curve.series.count > 0);
	curves.sort((a, b) => b.isMain - a.isMain || b.isTotal - a.isTotal || b.peak - a.peak);
	return curves;
}

function paintCurves(curves, isPair) {
	let next = 0;
	for (const curve of curves) {
		curve.isFilled = curve.isMain && curve.profile === 0;
		curve.width = curve.isMain ? 1.9 : 1.4;
		curve.dash = null;
		if (curve.isTotal) {
			curve.color = "--spine";
			curve.dash = [5, 4];
		} else if (curve.isMain && curve.profile === 0) {
			curve.color = "--main";
		} else {
			curve.color = cycleColor(next);
			curve.dash = cycleDash(next++);
		}
		if (isPair)
			curve.name = `${"AB"[curve.profile]}: ${curve.name}`;
	}
	return next;
}

// One entry a name, whichever of the profiles has it.
function makeFunctions(profiles, firstColor) {
	const byName = new Map(), functions = [];
	profiles.forEach((profile, p) => {
		profile.functions.forEach((func, i) => {
			if (func === null)
				return;
			let known = byName.get(func.name);
			if (known === undefined) {
				known = { id: `f${functions.length}`, name: func.name, brief: func.brief ?? func.name, totals: [], condensed: [],
					color: cycleColor(firstColor + functions.length), isHidden: false, calls: 0 };
				byName.set(func.name, known);
				functions.push(known);
			}
			known.totals[p] = func;
			known.condensed[p] = func.condensed;
			known.calls += func.calls;
			func.known = known;
		});
	});
	return functions;
}

// Calls of a file of mprof's, which has no levels: as they lie within each other.
function findLevels(calls, own) {
	const open = [];
	return own.map((i) => {
		while (open.length > 0 && open[open.length - 1] <= calls.from[i])
			open.pop();
		open.push(calls.to[i]);
		return open.length - 1;
	});
}

const threadKey = (process, tid) => process * 4294967296 + tid;

// A lane a thread, a row a level; a row's calls are in order of their starts.
function makeLanes(profile, index, isPair) {
	const { calls } = profile, threads = new Map();
	const names = new Map(profile.threads.map(({ process, tid, name }) => [threadKey(process, tid), name]));
	for (let i = 0; i < calls.count; i++) {
		const key = threadKey(calls.process[i], calls.tid[i]);
		if (!threads.has(key))
			threads.set(key, []);
		threads.get(key).push(i);
	}
	return [...threads.values()].map((own) => {
		const process = calls.process[own[0]], tid = calls.tid[own[0]], rows = [];
		const levels = calls.level[own[0]] < 0 ? findLevels(calls, own) : own.map((i) => calls.level[i]);
		own.forEach((i, k) => (rows[levels[k]] ??= []).push(i));
		const known = profile.processes[process], name = names.get(threadKey(process, tid));
		return {
			profile: index, process, tid, rows: rows.filter((row) => row !== undefined),
			label: (isPair ? `${"AB"[index]}: ` : "") + `${processName(known)} · ${known.pid}` +
				(tid !== 0 && tid !== known.pid || name !== undefined ? ` · thread ${tid} ${name ?? ""}` : ""),
		};
	}).sort((a, b) => a.process - b.process || (a.rows[0]?.[0] ?? 0) - (b.rows[0]?.[0] ?? 0));
}

function makeModel(payload) {
	const { profiles } = payload, isPair = profiles.length === 2;
	for (const profile of profiles)
		profile.duration = profile.end - profile.begin;
	const curves = profiles.flatMap((profile, p) => makeCurves(profile, p, isPair));
	curves.sort((a, b) => b.isMain - a.isMain || a.profile - b.profile);
	const functions = makeFunctions(profiles, paintCurves(curves, isPair));
	for (const profile of profiles)
		profile.functionOf = profile.functions.map((func) => func?.known);
	const start = Math.min(...profiles.map((profile) => profile.begin));
	const end = Math.max(...profiles.map((profile) => profile.end)), isMoment = end - start < LEAST_SECONDS;
	return {
		profiles, isPair, noCalls: payload.noCalls,
		// Of two profiles only when both are counted from one moment.
		hasClock: profiles.every((profile) => profile.startMs > 1e11 && profile.startMs === profiles[0].startMs),
		curves, functions, areas: makeAreas(profiles), differences: payload.differences ?? null,
		lanes: profiles.flatMap((profile, p) => makeLanes(profile, p, isPair)),
		start: isMoment ? start - LEAST_SECONDS / 2 : start,
		end: isMoment ? start + LEAST_SECONDS / 2 : end,
		startMs: profiles[0].startMs,
	};
}
