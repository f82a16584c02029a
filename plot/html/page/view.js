// What is looked at: the range of time and of memory, the selection, the cursor, what is hidden. It is
// kept in the URL's hash. Tells its listeners what has changed: "view", "cursor" or "look".

class View {
	constructor(model) {
		this.model = model;
		this.start = model.start;
		this.end = model.end + (model.end - model.start) * 0.01; // the last bracket is seen whole
		this.from = this.start;
		this.to = this.end;
		this.memory = null; // {low, high}; null: from 0 to above all that is seen
		this.selection = null; // {from, to}
		this.cursor = null; // a time
		this.highlighted = null; // a curve or function
		this.isClock = false;
		this.before = [];
		this.listeners = [];
	}

	listen(listener) {
		this.listeners.push(listener);
	}

	tell(what) {
		for (const listener of this.listeners)
			listener(what);
	}

	// Whether another curve, or another function, than that of a call is highlighted.
	isFaded(profile, i) {
		if (this.highlighted === null)
			return false;
		const thing = this.highlighted;
		return thing.series === undefined ? profile.functionOf[profile.calls.func[i]] !== thing
			: this.model.profiles[thing.profile] !== profile || thing.process !== profile.calls.process[i];
	}

	get span() {
		return this.to - this.from;
	}

	get isWhole() {
		return this.from <= this.start && this.to >= this.end && this.memory === null;
	}

	remember() {
		const last = this.before[this.before.length - 1];
		if (last === undefined || last.from !== this.from || last.to !== this.to || last.memory !== this.memory)
			this.before.push({ from: this.from, to: this.to, memory: this.memory });
		if (this.before.length > 100)
			this.before.shift();
	}

	show(from, to) {
		const whole = this.end - this.start;
		const span = Math.min(whole, Math.max(to - from, Math.min(whole, 1e-6)));
		const middle = (from + to) / 2;
		this.from = Math.min(Math.max(middle - span / 2, this.start), this.end - span);
		this.to = this.from + span;
		this.tell("view");
	}

	// @factor below 1 zooms in; @about stays where it is.
	zoom(factor, about) {
		this.show(about - (about - this.from) * factor, about + (this.to - about) * factor);
	}

	zoomMemory(factor, about, shown) {
		const low = Math.max(0, about - (about - shown.low) * factor);
		this.memory = { low, high: Math.max(about + (shown.high - about) * factor, low + 1e-4) };
		this.tell("view");
	}

	move(seconds) {
		this.show(this.from + seconds, this.to + seconds);
	}

	back() {
		const last = this.before.pop();
		if (last === undefined)
			return;
		this.memory = last.memory;
		this.show(last.from, last.to);
	}

	showWhole() {
		this.remember();
		this.memory = null;
		this.show(this.start, this.end);
	}

	select(from, to) {
		this.selection = from === null ? null : { from: Math.max(Math.min(from, to), this.start),
			to: Math.min(Math.max(from, to), this.end) };
		this.tell("cursor");
	}

	zoomToSelection() {
		if (this.selection === null || !(this.selection.to > this.selection.from))
			return;
		const { from, to } = this.selection;
		this.remember();
		this.selection = null;
		this.show(from, to);
	}

	setCursor(time) {
		this.cursor = time === null ? null : Math.min(Math.max(time, this.start), this.end);
		this.tell("cursor");
	}

	toggle(thing) {
		thing.isHidden = !thing.isHidden;
		// What is gone lets nothing else fade, though the pointer rests on its row.
		if (thing.isHidden && this.highlighted === thing)
			this.highlighted = null;
		this.tell("look");
	}

	// A curve or a function; null: none.
	highlight(thing) {
		if (this.highlighted !== thing) {
			this.highlighted = thing;
			this.tell("highlight");
		}
	}

	setClock(isClock) {
		this.isClock = isClock;
		this.tell("look");
	}
}

const hashNumber = (number) => String(Number(number.toPrecision(10)));

// Only what differs from how the page begins.
function viewToHash(view) {
	const parts = [], { model } = view;
	if (view.from > view.start || view.to < view.end)
		parts.push(`t=${hashNumber(view.from)}-${hashNumber(view.to)}`);
	if (view.memory !== null)
		parts.push(`m=${hashNumber(view.memory.low)}-${hashNumber(view.memory.high)}`);
	if (view.selection !== null)
		parts.push(`s=${hashNumber(view.selection.from)}-${hashNumber(view.selection.to)}`);
	const things = [...model.curves, ...model.functions];
	const hidden = things.filter((thing) => thing.isHidden && !thing.beginsHidden);
	const shown = things.filter((thing) => !thing.isHidden && thing.beginsHidden);
	if (hidden.length > 0)
		parts.push(`hide=${hidden.map((thing) => thing.id).join(",")}`);
	if (shown.length > 0)
		parts.push(`show=${shown.map((thing) => thing.id).join(",")}`);
	if (view.isClock)
		parts.push("clock");
	return parts.join("&");
}

function viewFromHash(view, hash) {
	const given = new Map(hash.replace(/^#/, "").split("&").map((part) => {
		const at = part.indexOf("=");
		return at < 0 ? [part, ""] : [part.slice(0, at), part.slice(at + 1)];
	}));
	const range = (name) => {
		const match = /^(-?[0-9.]+(?:e[-+]?[0-9]+)?)-(-?[0-9.]+(?:e[-+]?[0-9]+)?)$/.exec(given.get(name) ?? "");
		const from = Number(match?.[1]), to = Number(match?.[2]);
		return from < to ? { from, to } : null;
	};
	const ids = (name) => new Set((given.get(name) ?? "").split(","));
	const memory = range("m"), time = range("t"), hide = ids("hide"), show = ids("show");
	for (const thing of [...view.model.curves, ...view.model.functions]) {
		thing.beginsHidden ??= thing.isHidden;
		thing.isHidden = hide.has(thing.id) || thing.beginsHidden && !show.has(thing.id);
	}
	view.isClock = given.has("clock") && view.model.hasClock;
	view.memory = memory === null ? null : { low: memory.from, high: memory.to };
	view.selection = range("s");
	view.show(time?.from ?? view.start, time?.to ?? view.end);
}

// Written when hands rest: browsers allow some hundred changes in half a minute.
function keepInHash(view) {
	let timer = null, written = null;
	view.listen((what) => {
		if (what === "highlight")
			return;
		clearTimeout(timer);
		timer = setTimeout(() => {
			const hash = viewToHash(view);
			if (hash !== written)
				history.replaceState(null, "", `#${hash}`);
			written = hash;
		}, 150);
	});
	addEventListener("hashchange", () => {
		written = location.hash.slice(1);
		viewFromHash(view, written);
		view.tell("look");
	});
}
