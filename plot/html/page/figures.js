// The key figures, seen as cards and read as a table.

function figure(name, value, note) {
	return { name, value, note: note ?? "" };
}

function peakFigure(profile, i, name) {
	const process = profile.processes[i];
	const at = process.peakAt === null ? "" : ` at ${formatSince(process.peakAt, 0.1)}`;
	return figure(name, formatMemory(process.peak), `${i === 0 && profile.isTree ? "all processes" :
		processName(process)}${process.pid > 0 ? ` · ${process.pid}` : ""}${at}`);
}

function figuresOf(model) {
	const profile = model.profiles[0], found = [peakFigure(profile, 0, "Peak")];
	if (profile.highestChild > 0)
		found.push(peakFigure(profile, profile.highestChild, "Highest child"));
	const total = profile.processes.find((process) => process.isTotal);
	if (total !== undefined)
		found.push(figure("All together", formatMemory(total.peak),
			total.peakAt === null ? "at least" : `sampled, at ${formatSince(total.peakAt, 0.1)}`));
	found.push(figure("Duration", formatDuration(profile.duration), profile.interval > 0 ?
		`a sample every ${formatDuration(profile.interval)}` : ""));
	const processes = profile.processes.filter((process) => !process.isSum).length;
	if (processes > 1)
		found.push(figure("Processes", formatCount(processes)));
	const functions = profile.functions.filter((func) => func !== null);
	if (functions.length > 0 && !model.noCalls)
		found.push(figure("Calls", formatCount(functions.reduce((sum, func) => sum + func.calls, 0)),
			functions.length === 1 ? "of 1 function" : `of ${functions.length} functions`));
	return found;
}

function changeWords(a, b) {
	return a > 0 ? `${b >= a ? "+" : "−"}${Math.abs((b - a) / a * 100).toFixed(1)} %` : "";
}

function figuresOfPair(model) {
	const [a, b] = model.profiles, pair = (name, from, to, format) =>
		figure(name, `${format(from)} → ${format(to)}`, changeWords(from, to));
	const total = (profile) => profile.processes.find((process) => process.isTotal)?.peak ?? profile.processes[0].peak;
	const calls = (profile) => profile.functions.reduce((sum, func) => sum + (func?.calls ?? 0), 0);
	const found = [pair("Peak", a.processes[0].peak, b.processes[0].peak, formatMemory),
		pair("All together", total(a), total(b), formatMemory),
		pair("Duration", a.duration, b.duration, formatDuration)];
	if (calls(a) + calls(b) > 0)
		found.push(pair("Calls", calls(a), calls(b), formatCount));
	return found;
}

function showFigures(model) {
	const found = model.isPair ? figuresOfPair(model) : figuresOf(model);
	byId("figures").replaceChildren(...found.map(({ name, value, note }) => element("div", { class: "figure" },
		element("dt", {}, name), element("dd", { class: "value" }, value),
		element("dd", { class: "note", title: note }, note))));
	byId("key-table").tBodies[0].replaceChildren(...found.map(({ name, value, note }) => element("tr", {},
		element("th", { scope: "row" }, name), element("td", {}, value), element("td", {}, note))));
	return found.map(({ name, value, note }) => `${name} ${value}${note ? ` (${note})` : ""}`).join(", ");
}

function noticesOf(model) {
	return model.profiles.flatMap((profile) => {
		const found = [];
		if (profile.damagedLines > 0)
			found.push(`${profile.file}: ${profile.damagedLines} damaged line${profile.damagedLines > 1 ? "s" : ""} left out.`);
		for (const { pattern, reason } of profile.missed)
			found.push(`No calls for ${pattern}: ${reason}.`);
		if (profile.hasLessSamples || profile.hasLessCalls)
			found.push(`${profile.file} is larger than a page: ` + [
				profile.hasLessSamples ? "of its samples the lowest and highest of each moment are here" : null,
				profile.hasLessCalls ? "of its calls the longest are here one by one, the others in sums" : null,
			].filter((part) => part !== null).join("; ") + ". All figures of the tables are of the whole recording.");
		return found;
	});
}
