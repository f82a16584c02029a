// The legend: a click hides or shows, with Alt all others; what the pointer rests on is highlighted.

const LEGEND_ROWS_MOST = 120;

class Legend {
	constructor(model, view, room, areas) {
		Object.assign(this, { model, view, room, areas });
		this.wanted = "";
	}

	matches(thing) {
		return this.wanted === "" || thing.name.toLowerCase().includes(this.wanted) ||
			thing.pid !== undefined && String(thing.pid).startsWith(this.wanted);
	}

	search(text) {
		this.wanted = text.trim().toLowerCase();
		this.draw();
	}

	clicked(event, thing, all) {
		if (event.altKey) {
			const isAlone = all.every((other) => other === thing || other.isHidden) && !thing.isHidden;
			for (const other of all)
				other.isHidden = !isAlone && other !== thing;
			this.view.tell("look");
		} else {
			this.view.toggle(thing);
		}
	}

	row(thing, all, isFunction, words) {
		const { view } = this;
		return element("button", {
			type: "button", class: "row", "aria-pressed": String(!thing.isHidden), "data-id": thing.id,
			title: `${thing.name}\nClick: hide or show. Alt and click: this one alone.`,
			onclick: (event) => this.clicked(event, thing, all),
			onpointerenter: () => view.highlight(thing.isHidden ? null : thing),
			onpointerleave: () => view.highlight(null),
			onfocus: (event) => event.target.matches(":focus-visible") && view.highlight(thing.isHidden ? null : thing),
			onblur: () => view.highlight(null),
		}, swatch(thing, isFunction), nameOf(thing),
		element("span", { class: "amount" }, words));
	}

	part(title, things, isFunction, wordsOf) {
		const found = things.filter((thing) => this.matches(thing));
		if (things.length === 0)
			return [];
		const isAnyShown = found.some((thing) => !thing.isHidden);
		const head = element("div", { class: "legend-head" }, element("h2", {}, title),
			element("button", { type: "button", class: "small", onclick: () => {
				for (const thing of found)
					thing.isHidden = isAnyShown;
				this.view.tell("look");
			} }, isAnyShown ? "Hide all" : "Show all"));
		const rows = found.slice(0, LEGEND_ROWS_MOST).map((thing) =>
			this.row(thing, things, isFunction, wordsOf(thing)));
		const left = found.length - rows.length;
		if (found.length === 0)
			rows.push(element("p", { class: "quiet" }, "none found"));
		if (left > 0)
			rows.push(element("p", { class: "quiet" }, `and ${left} more: search for them`));
		return [head, ...rows];
	}

	draw() {
		const focused = document.activeElement?.dataset?.id;
		this.room.replaceChildren(
			...this.part(this.model.curves.length > 1 ? "Processes" : "Process", this.model.curves, false,
				(curve) => formatMemory(curve.peak)),
			...this.areas.legend(),
			...this.part("Functions", this.model.noCalls ? [] : this.model.functions, true, (func) => {
				const net = func.totals.reduce((sum, totals) => sum + (totals?.net ?? 0), 0);
				return `${formatCount(func.calls)} × · ${formatChange(net)}`;
			}));
		if (focused !== undefined)
			[...this.room.querySelectorAll("button.row")].find((row) => row.dataset.id === focused)?.focus();
	}
}
