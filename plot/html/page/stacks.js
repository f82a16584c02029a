// The stacks that were recorded, in words: at the peaks of processes, and of calls.

// Makes profile.stacks of what the page carries (plot/html/payload_stacks.c).
function readStacks(profile) {
	const peaks = new Map(), calls = new Map();
	for (const [process, time, text] of profile.peakStacks ?? []) {
		if (!peaks.has(process))
			peaks.set(process, []);
		peaks.get(process).push({ time, lines: text.split("\n") });
	}
	for (const [process, tid, micros, text] of profile.callStacks ?? [])
		calls.set(`${process} ${tid} ${micros}`, text.split("\n"));
	profile.stacks = { peaks, calls };
}

// Lines of the last peak of a process until then; none before its first one.
function peakStackAt(profile, process, time) {
	let found = [];
	for (const peak of profile.stacks.peaks.get(process) ?? []) {
		if (peak.time > time)
			break;
		found = peak.lines;
	}
	return found;
}

function callStackOf(profile, i) {
	const { calls } = profile;
	return profile.stacks.calls.get(`${calls.process[i]} ${calls.tid[i]} ${Math.round(calls.from[i] * 1e6)}`) ?? [];
}
