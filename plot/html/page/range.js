// Figures of the selected range, or of what is in view: peak, mean, slope, and the calls in it.

const RANGE_ROWS_MOST = 8;

// Of each function: calls that overlap the range, their time within it, and what those that ended gained.
function callsInRange(model, from, to) {
	const found = new Map();
	const take = (func, number, time, gained) => {
		const sums = found.get(func) ?? { func, calls: 0, time: 0, gained: 0 };
		sums.calls += number;
		sums.time += time;
		sums.gained += gained;
		found.set(func, sums);
	};
	for (const profile of model.profiles) {
		const { calls, functionOf } = profile;
		for (let i = 0; i < calls.count && calls.from[i] <= to; i++) {
			if (calls.to[i] < from || functionOf[calls.func[i]].isHidden || calls.flags[i] >> 2 === CALL_FORKED)
				continue;
			const isEnded = calls.to[i] <= to && calls.flags[i] >> 2 !== CALL_OPEN;
			take(functionOf[calls.func[i]], 1, Math.min(calls.to[i], to) - Math.max(calls.from[i], from),
				isEnded ? calls.mibOut[i] - calls.mibIn[i] : 0);
		}
		for (const func of profile.functions) {
			for (const window of func === null || func.known.isHidden ? [] : func.condensed) {
				const length = window.to - window.from;
				const within = Math.min(window.to, to) - Math.max(window.from, from);
				const share = length > 0 ? within / length : within >= 0 ? 1 : 0;
				if (share > 0)
					take(func.known, Math.round(window.count * share), window.total * share, window.gained * share);
			}
		}
	}
	return [...found.values()].sort((a, b) => b.calls - a.calls);
}

class Range {
	constructor(model, view, chart, cursor, room) {
		Object.assign(this, { model, view, chart, cursor, room });
		this.drawSoon = whenAtRest(120, () => this.draw());
	}

	table(caption, heads, rows, left) {
		return element("table", { class: caption.toLowerCase() }, element("caption", {}, caption),
			element("thead", {}, element("tr", {}, ...heads.map((head) => element("th", { scope: "col" }, head)))),
			element("tbody", {}, ...rows),
			left > 0 ? element("tfoot", {}, element("tr", {},
				element("td", { colspan: heads.length, class: "quiet" }, `and ${left} more`))) : null);
	}

	curveTable(from, to) {
		const found = this.chart.seen.map((curve) => ({ curve, figures: curve.series.figures(from, to),
			slope: slopeOf(curve.sampled, from, to) }))
			.filter(({ figures }) => figures !== null)
			.sort((a, b) => b.curve.isMain - a.curve.isMain || b.figures.peak - a.figures.peak);
		const rows = found.slice(0, RANGE_ROWS_MOST).map(({ curve, figures, slope }) => element("tr", {},
			element("th", { scope: "row" }, element("div", {}, swatch(curve, false), nameOf(curve))),
			...[formatMemory(figures.peak), formatMemory(figures.mean),
				slope === null ? "–" : formatSlope(slope), formatChange(figures.change),
			].map((text) => element("td", {}, text))));
		return this.table("Memory", ["", "peak", "mean", "slope", "change"], rows, found.length - rows.length);
	}

	callTable(from, to) {
		const found = this.model.noCalls ? [] : callsInRange(this.model, from, to);
		if (found.length === 0)
			return element("p", { class: "quiet no-calls" }, this.model.functions.length > 0 ? "No calls in this range." : "");
		const rows = found.slice(0, RANGE_ROWS_MOST).map(({ func, calls, time, gained }) => element("tr", {},
			element("th", { scope: "row" }, element("div", {}, swatch(func, true), nameOf(func))),
			...[formatCount(calls), formatDuration(time), formatChange(gained)].map((text) => element("td", {}, text))));
		return this.table("Calls", ["", "calls", "time in range", "memory"], rows, found.length - rows.length);
	}

	draw() {
		const { view } = this, { selection } = view, { from, to } = selection ?? view;
		const end = Math.min(to, this.model.end);
		const isWhole = selection === null && view.from <= view.start && view.to >= view.end;
		const words = `${this.cursor.formatTime(from)} to ${this.cursor.formatTime(end)} (${formatDuration(end - from)})`;
		const scrolled = this.room.scrollTop;
		this.room.replaceChildren(
			element("div", { class: "range-head" },
				element("h2", {}, selection !== null ? "Selected" : isWhole ? "Whole recording" : "In view"),
				element("span", { class: "quiet", id: "range-words" }, words),
				selection === null ? element("span", { class: "quiet hint" }, "drag over the curves to select a range")
					: element("span", { class: "buttons" },
						element("button", { type: "button", id: "range-zoom", onclick: () => view.zoomToSelection() }, "Zoom in"),
						element("button", { type: "button", id: "range-clear", onclick: () => view.select(null) }, "Clear"))),
			element("div", { class: "range-tables" }, this.curveTable(from, to), this.callTable(from, to)));
		this.room.scrollTop = scrolled;
	}
}
