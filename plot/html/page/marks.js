// Brackets where calls start and end, and what is highlighted, over the curves.

// With more calls in view, functions with many of them have only their longest few marked.
const CALLS_ALL_MARKED = 150, LONGEST_MARKED = 4, LONGEST_OF_ALL = 200; // as plot/model/plot_brackets.c
const BRACKET_HEIGHT = 15, BRACKET_ARM = 4;

// The longest so many of the calls that are shown to it, in no order.
class Longest {
	constructor(most) {
		this.most = most;
		this.kept = []; // {call, length}, the longest first
	}

	take(call, length) {
		const { kept, most } = this;
		if (kept.length === most && length <= kept[most - 1].length)
			return;
		let at = kept.length;
		while (at > 0 && kept[at - 1].length < length)
			at--;
		kept.splice(at, 0, { call, length });
		if (kept.length > most)
			kept.pop();
	}
}

class Marks {
	constructor(model, view, chart, canvas) {
		this.model = model;
		this.view = view;
		this.chart = chart;
		this.canvas = canvas;
		this.ends = []; // {x, y, call} of brackets drawn
		this.hot = []; // functions with too many calls to be marked, the most called first
	}

	// How many calls of each of the profile's functions are in view.
	count(profile) {
		const { calls, functionOf } = profile, { from, to } = this.view;
		const counts = new Uint32Array(functionOf.length);
		for (let i = 0; i < calls.count && calls.from[i] <= to; i++)
			if (calls.to[i] >= from)
				counts[calls.func[i]]++;
		return counts;
	}

	// Which functions have all their calls marked: those with few, as far as there is room. The others
	// are this.hot, the most called first.
	share(profile, counts) {
		const shown = profile.functionOf.map((func, f) => ({ func, f, calls: counts[f] }))
			.filter(({ func, calls }) => func !== undefined && !func.isHidden && (calls > 0 || this.hasCondensed(func)));
		let room = CALLS_ALL_MARKED;
		this.hot = shown.sort((a, b) => a.calls - b.calls).filter((one) => {
			const fits = one.calls <= room && !this.hasCondensed(one.func);
			room -= fits ? one.calls : 0;
			return !fits;
		}).reverse();
	}

	// The calls that have brackets now.
	pick() {
		const profile = this.model.profiles[0], { calls, functionOf } = profile, { from, to } = this.view;
		this.share(profile, this.count(profile));
		const most = Math.max(1, Math.min(LONGEST_MARKED, Math.floor(LONGEST_OF_ALL / this.hot.length)));
		const longest = [], picked = [];
		for (const { f } of this.hot)
			longest[f] = new Longest(most);
		for (let i = 0; i < calls.count && calls.from[i] <= to; i++) {
			const f = calls.func[i];
			if (calls.to[i] < from || functionOf[f] === undefined || functionOf[f].isHidden)
				continue;
			if (longest[f] !== undefined)
				longest[f].take(i, calls.to[i] - calls.from[i]);
			else
				picked.push(i);
		}
		for (const { f } of this.hot)
			picked.push(...longest[f].kept.map(({ call }) => call));
		return picked;
	}

	hasCondensed(func) {
		const { from, to } = this.view;
		return func.condensed[0]?.some((window) => window.from <= to && window.to >= from) === true;
	}

	bracket(context, x, y, isEnd, isHeld) {
		const half = BRACKET_HEIGHT / 2, arm = isEnd ? -BRACKET_ARM : BRACKET_ARM;
		context.beginPath();
		context.moveTo(x + arm, y - half);
		context.lineTo(x, y - half);
		if (isHeld) {
			context.lineTo(x, y - half / 3);
			context.moveTo(x, y + half / 3);
		}
		context.lineTo(x, y + half);
		context.lineTo(x + arm, y + half);
		context.stroke();
	}

	drawCall(context, profile, i) {
		const { calls } = profile, { chart } = this, { area } = chart, how = calls.flags[i] >> 2;
		const x1 = chart.xOf(calls.from[i]), x2 = chart.xOf(calls.to[i]);
		const y1 = chart.yOf(calls.mibIn[i]), y2 = chart.yOf(calls.mibOut[i]);
		context.strokeStyle = colors.get(profile.functionOf[calls.func[i]].color);
		if (x2 - x1 < 2 * BRACKET_ARM + 2 && how !== CALL_OPEN) {
			const top = Math.min(y1, y2) - BRACKET_HEIGHT / 2, bottom = Math.max(y1, y2) + BRACKET_HEIGHT / 2;
			context.strokeRect(x1, top, Math.max(x2 - x1, 1.5), bottom - top);
			this.ends.push({ x: (x1 + x2) / 2, y: y1, call: i });
			return;
		}
		if (x1 >= area.x - 1) {
			this.bracket(context, x1, y1, false, (calls.flags[i] & HELD_IN) !== 0);
			this.ends.push({ x: x1, y: y1, call: i });
		}
		if (x2 <= area.x + area.w + 1 && how !== CALL_OPEN) {
			this.bracket(context, x2, y2, true, (calls.flags[i] & HELD_OUT) !== 0);
			this.ends.push({ x: x2, y: y2, call: i });
		}
	}

	drawHighlight(context, curve) {
		const { chart } = this, { area } = chart;
		context.globalAlpha = 0.6;
		context.fillStyle = colors.get("--paper");
		context.fillRect(area.x + 1, area.y, area.w, area.h - 1);
		context.globalAlpha = 1;
		context.strokeStyle = colors.get(curve.color);
		context.lineWidth = 2.8;
		context.lineJoin = "round";
		chart.trace(context, curve);
		context.stroke();
	}

	draw() {
		const { model, chart, view } = this, { area } = chart;
		const context = beginCanvas(this.canvas, chart.room.clientWidth, chart.room.clientHeight);
		this.ends = [];
		this.hot = [];
		const picked = model.isPair || model.noCalls ? [] : this.pick();
		context.save();
		context.beginPath();
		context.rect(area.x - 1, area.y - 2, area.w + BRACKET_ARM + 2, area.h + 4);
		context.clip();
		if (view.highlighted?.series !== undefined)
			this.drawHighlight(context, view.highlighted);
		context.lineWidth = 2;
		context.lineJoin = "miter";
		for (const i of picked) {
			context.globalAlpha = view.isFaded(model.profiles[0], i) ? 0.15 : 1;
			this.drawCall(context, model.profiles[0], i);
		}
		context.restore();
	}

	// The call whose bracket is near; -1: none.
	callAt(x, y) {
		let nearest = -1, least = 9;
		for (const end of this.ends) {
			const away = Math.hypot(end.x - x, (end.y - y) * 0.7);
			if (away < least) {
				least = away;
				nearest = end.call;
			}
		}
		return nearest;
	}
}
