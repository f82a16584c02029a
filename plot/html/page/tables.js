// The report's tables: sorted by a click on a column's head, searched with the legend.

const TABLE_ROWS_MOST = 100;

const dash = (value, format) => (value === null || value === undefined ? "–" : format(value));

const FUNCTION_COLUMNS = [
	{ title: "Function", of: (f) => f.name, isName: true },
	{ title: "Calls", of: (f) => f.calls, text: (f) => f.calls.toLocaleString("en") + (f.inherited > 0 ? ` + ${f.inherited}` : ""),
		hint: "calls + those inherited at a fork" },
	{ title: "Total", of: (f) => f.total, text: (f) => formatDuration(f.total) },
	{ title: "Self", of: (f) => f.self, text: (f) => (f.isSelfAtMost ? "≤ " : "") + formatDuration(f.self),
		hint: "without recorded calls within" },
	{ title: "Mean", of: (f) => f.mean, text: (f) => formatDuration(f.mean) },
	{ title: "Longest", of: (f) => f.longest, text: (f) => formatDuration(f.longest) },
	{ title: "Gained", of: (f) => f.gained, text: (f) => formatMemory(f.gained), hint: "by calls that gained memory" },
	{ title: "Released", of: (f) => f.released, text: (f) => formatMemory(f.released), hint: "by calls that gave memory back" },
	{ title: "Net", of: (f) => f.net, text: (f) => formatChange(f.net) },
	{ title: "Worst call", of: (f) => f.worst?.gained ?? 0,
		text: (f) => dash(f.worst, (w) => `${formatChange(w.gained)} at ${formatSince(w.at, 0.1)}`) },
	{ title: "Highest", of: (f) => f.highest, text: (f) => (f.highest < 0 ? "–" : formatMemory(f.highest)),
		hint: "memory of the process during a call" },
];

const processEnd = (p) => (p.status >= 129 ? `signal ${p.status - 128}` : p.status >= 0 ? String(p.status) : p.hasEnded ? "–" : "still there");

const PROCESS_COLUMNS = [
	{ title: "Process", of: (p) => processName(p), isName: true, full: (p) => p.command ?? "" },
	{ title: "PID", of: (p) => p.pid, text: (p) => (p.pid > 0 ? String(p.pid) : "–") },
	{ title: "Parent", of: (p) => p.parent, text: (p) => (p.parent > 0 ? String(p.parent) : "–") },
	{ title: "Start", of: (p) => p.start ?? -1, text: (p) => dash(p.start, (s) => formatSince(s, 0.01)) },
	{ title: "Lifetime", of: (p) => (p.end ?? 0) - (p.start ?? 0),
		text: (p) => (p.start === null || p.end === null ? "–" : formatDuration(p.end - p.start)) },
	{ title: "Peak", of: (p) => p.peak, text: (p) => (p.peak < 0 ? "–" : formatMemory(p.peak)) + (p.isPeakExact ? "" : " *"),
		hint: "the kernel's high-water mark; * the highest seen" },
	{ title: "Highest sample", of: (p) => p.seen, text: (p) => (p.seen < 0 ? "–" : formatMemory(p.seen)) },
	{ title: "At", of: (p) => p.peakAt ?? -1, text: (p) => dash(p.peakAt, (s) => formatSince(s, 0.01)), hint: "when it was highest" },
	{ title: "Slope", of: (p) => p.slope ?? -Infinity, text: (p) => dash(p.slope, formatSlope) },
	{ title: "Ended", of: processEnd, text: processEnd, hint: "exit status or signal" },
];

// What a figure of a comparison is measured in (plot/compare/figure.h).
const QUANTITIES = {
	memory: { text: formatMemory, change: formatChange },
	duration: { text: formatDuration, change: (s) => (s > 0 ? "+" : s < 0 ? "−" : "") + formatDuration(Math.abs(s)) },
	slope: { text: formatSlope, change: formatSlope },
	count: { text: formatCount, change: (n) => (n > 0 ? "+" : n < 0 ? "−" : "") + formatCount(Math.abs(n)) },
};

const changeOf = (d) => (d.before === null || d.after === null ? null : d.after - d.before);
const shareOf = (d) => (changeOf(d) === null || !(d.before > 0) ? null : changeOf(d) / d.before * 100);

const DIFFERENCE_COLUMNS = [
	{ title: "What", of: (d) => d.name, isName: true },
	{ title: "Of", of: (d) => d.kind, text: (d) => (d.kind === "run" ? "" : d.kind), isText: true },
	{ title: "Figure", of: (d) => d.figure, text: (d) => d.figure, isText: true },
	{ title: "A", of: (d) => d.before ?? -Infinity, text: (d) => dash(d.before, QUANTITIES[d.quantity].text) },
	{ title: "B", of: (d) => d.after ?? -Infinity, text: (d) => dash(d.after, QUANTITIES[d.quantity].text) },
	{ title: "Change", of: (d) => changeOf(d) ?? -Infinity, text: (d) => dash(changeOf(d), QUANTITIES[d.quantity].change) },
	{ title: "Percent", of: (d) => shareOf(d) ?? (d.after > 0 ? Infinity : -Infinity),
		text: (d) => dash(shareOf(d), (s) => `${s > 0 ? "+" : s < 0 ? "−" : ""}${Math.abs(s).toFixed(Math.abs(s) < 9.95 ? 1 : 0)} %`) },
];

class SortedTable {
	constructor(page, title, columns, rows, sortedBy) {
		Object.assign(this, { page, title, columns, rows, sortedBy });
		this.isDescending = true;
		this.limit = TABLE_ROWS_MOST;
		this.hasThings = rows.some((row) => page.thingOf(row) !== undefined);
		this.id = `table-${title.toLowerCase().replace(/[^a-z]+/g, "-")}`;
	}

	sortBy(column) {
		this.isDescending = this.sortedBy === column ? !this.isDescending : !column.isName && !column.isText;
		this.sortedBy = column;
	}

	found(wanted) {
		const name = this.columns[0];
		const rows = wanted === "" ? this.rows.slice() : this.rows.filter((row) =>
			name.of(row).toLowerCase().includes(wanted) || name.full?.(row).toLowerCase().includes(wanted) ||
			row.pid !== undefined && String(row.pid).startsWith(wanted));
		if (this.sortedBy === undefined)
			return rows;
		const { of } = this.sortedBy, sign = this.isDescending ? -1 : 1;
		return rows.sort((a, b) => {
			const x = of(a), y = of(b);
			return sign * (typeof x === "string" ? x.localeCompare(String(y)) : x < y ? -1 : x > y ? 1 : 0);
		});
	}

	head(redraw) {
		return element("thead", {}, element("tr", {}, ...this.columns.map((column) => {
			const isSorted = this.sortedBy === column;
			return element("th", { scope: "col", class: column.isName || column.isText ? "words" : null,
				"aria-sort": isSorted ? this.isDescending ? "descending" : "ascending" : null },
			element("button", { type: "button", title: column.hint, onclick: () => {
				this.sortBy(column);
				redraw();
			} }, column.title, element("span", { class: "arrow", "aria-hidden": "true" },
				isSorted ? this.isDescending ? "▾" : "▴" : "")));
		})));
	}

	row(row) {
		const { view } = this.page, thing = this.page.thingOf(row);
		return element("tr", {
			onpointerenter: thing ? () => view.highlight(thing.isHidden ? null : thing) : null,
			onpointerleave: thing ? () => view.highlight(null) : null,
		}, ...this.columns.map((column) => (column.isName
			? element("th", { scope: "row", class: "words", title: column.full?.(row) ?? column.of(row) },
				this.hasThings ? swatch(thing, thing?.series === undefined) : null, element("span", { class: "name" }, column.of(row)))
			: element("td", { class: column.isText ? "words" : null }, column.text(row)))));
	}

	draw(wanted, redraw) {
		const rows = this.found(wanted), shown = rows.slice(0, this.limit), left = rows.length - shown.length;
		return element("div", { class: "table-room", tabindex: "0", role: "region", "aria-label": this.title },
			element("table", { id: this.id }, element("caption", { class: "unseen" }, this.title), this.head(redraw),
				element("tbody", {}, ...shown.map((row) => this.row(row)))),
			rows.length === 0 ? element("p", { class: "quiet" }, "none found") : null,
			left > 0 ? element("button", { type: "button", class: "more", onclick: () => {
				this.limit += 1000;
				redraw();
			} }, `Show more: ${left} left`) : null);
	}
}

function makeTables(page) {
	const { model } = page, tables = [];
	if (model.differences !== null)
		tables.push(new SortedTable(page, "Differences", DIFFERENCE_COLUMNS, model.differences, undefined));
	model.profiles.forEach((profile, p) => {
		const of = model.isPair ? ` of ${"AB"[p]}` : "";
		const functions = profile.functions.filter((func) => func !== null);
		if (functions.length > 0 && !model.noCalls)
			tables.push(new SortedTable(page, `Functions${of}`, FUNCTION_COLUMNS, functions, FUNCTION_COLUMNS[6]));
		tables.push(new SortedTable(page, `Processes${of}`, PROCESS_COLUMNS,
			profile.processes.filter((process) => !process.isSum), PROCESS_COLUMNS[5]));
	});
	return tables;
}

class Tables {
	constructor(page, room) {
		const { model } = page;
		this.room = room;
		this.wanted = "";
		this.things = new Map(model.curves.map((curve) => [model.profiles[curve.profile].processes[curve.process], curve]));
		this.tables = makeTables({ model, view: page.view, thingOf: (row) => row.known ?? this.things.get(row) });
		this.chosen = this.tables[0];
	}

	search(text) {
		this.wanted = text.trim().toLowerCase();
		this.draw();
	}

	tab(table) {
		const isChosen = table === this.chosen;
		return element("button", {
			type: "button", role: "tab", "aria-selected": String(isChosen), tabindex: isChosen ? "0" : "-1",
			onclick: () => this.choose(table, false),
			onkeydown: (event) => {
				const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
				if (step !== 0)
					this.choose(this.tables.at((this.tables.indexOf(table) + step) % this.tables.length), true);
			},
		}, table.title, element("span", { class: "quiet" }, ` ${table.found(this.wanted).length}`));
	}

	choose(table, isByKey) {
		this.chosen = table;
		this.draw();
		if (isByKey)
			this.room.querySelector("[aria-selected=true]").focus();
	}

	draw() {
		const old = this.room.querySelector(".table-room")?.scrollLeft ?? 0;
		this.room.replaceChildren(element("div", { class: "tabs", role: "tablist" },
			...this.tables.map((table) => this.tab(table))), this.chosen.draw(this.wanted, () => this.draw()));
		this.room.querySelector(".table-room").scrollLeft = old;
	}
}
