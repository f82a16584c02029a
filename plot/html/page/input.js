// Mouse, wheel, touch and keys.

const WHEEL_STEP = 1.25, SAME_GESTURE_MS = 600;

class Input {
	constructor(page) {
		Object.assign(this, page); // model, view, chart, marks, strips, beside, lanes, cursor
		this.touches = new Map();
		this.drag = null;
		this.wheeledAt = 0;
		const { room } = this.chart;
		for (const [target, what] of [[room, "curves"], [this.beside.canvas, "beside"], [this.strips.canvas, "strips"], [this.lanes.canvas, "lanes"]]) {
			target.addEventListener("pointermove", (event) => this.pointerMoved(event, what));
			target.addEventListener("pointerdown", (event) => this.pointerDown(event, what));
			target.addEventListener("pointerleave", () => this.pointerLeft());
			target.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
		}
		addEventListener("pointerup", (event) => this.pointerUp(event));
		addEventListener("pointercancel", (event) => this.pointerUp(event));
		room.addEventListener("dblclick", () => this.doubleClick());
		room.addEventListener("keydown", (event) => this.key(event));
		room.addEventListener("blur", () => this.view.setCursor(null));
	}

	place(event) {
		const box = event.currentTarget.getBoundingClientRect?.() ?? this.chart.room.getBoundingClientRect();
		return { x: event.clientX - box.left, y: event.clientY - box.top };
	}

	wordsUnder({ x, y }, what) {
		if (what === "beside")
			return this.beside.wordsAt(x, y);
		if (what === "strips")
			return this.strips.wordsAt(x, y);
		if (what === "lanes") {
			const found = this.lanes.callAt(x, y);
			return found === null ? null : wordsOfCall(found.profile, found.call);
		}
		const call = this.marks.callAt(x, y);
		return call < 0 ? null : wordsOfCall(this.model.profiles[0], call);
	}

	pointerMoved(event, what) {
		if (this.touches.has(event.pointerId)) {
			this.touchMoved(event);
			return;
		}
		const at = this.place(event), time = this.chart.timeAt(at.x), { area } = this.chart;
		this.cursor.place = { x: event.clientX, y: event.clientY };
		if (this.drag !== null) {
			this.dragged(at);
			return;
		}
		this.cursor.words = this.wordsUnder(at, what);
		const isInside = at.x >= area.x && at.x <= area.x + area.w;
		this.view.setCursor(isInside ? time : null);
	}

	pointerLeft() {
		if (this.drag !== null)
			return;
		this.cursor.words = null;
		this.cursor.place = null;
		this.view.setCursor(null);
	}

	pointerDown(event, what) {
		const at = this.place(event);
		if (event.pointerType === "touch") {
			this.touchDown(event);
			return;
		}
		const isMoving = event.shiftKey || event.button === 1;
		if (event.button > 1)
			return;
		event.currentTarget.setPointerCapture(event.pointerId);
		this.drag = { what, at, time: this.chart.timeAt(at.x), from: this.view.from, isMoving, hasMoved: false };
		if (isMoving)
			this.view.remember();
	}

	dragged({ x }) {
		const { drag, chart, view } = this;
		if (Math.abs(x - drag.at.x) < 4 && !drag.hasMoved)
			return;
		drag.hasMoved = true;
		if (drag.isMoving) {
			const from = drag.from - (x - drag.at.x) / chart.area.w * view.span;
			view.show(from, from + view.span);
		} else {
			view.cursor = null;
			view.select(drag.time, chart.timeAt(x));
		}
	}

	pointerUp(event) {
		if (this.touches.delete(event.pointerId)) {
			this.restartTouch();
			return;
		}
		const { drag } = this;
		this.drag = null;
		if (drag === null || drag.hasMoved || drag.isMoving)
			return;
		const found = drag.what === "lanes" ? this.lanes.callAt(drag.at.x, drag.at.y) : null;
		if (found !== null)
			this.view.select(found.profile.calls.from[found.call], found.profile.calls.to[found.call]);
		else
			this.view.select(null);
	}

	doubleClick() {
		this.view.showWhole();
	}

	// Turns that follow each other closely are one step back.
	remember(now) {
		if (now - this.wheeledAt > SAME_GESTURE_MS)
			this.view.remember();
		this.wheeledAt = now;
	}

	wheel(event) {
		const { view, chart } = this, at = this.place(event);
		const lines = event.deltaMode === 1 ? 33 : event.deltaMode === 2 ? 100 : 1;
		const turns = Math.max(-3, Math.min(3, event.deltaY * lines / 100)), isOut = turns > 0;
		// What cannot be zoomed out any more scrolls the page.
		if (isOut && view.isWhole && !event.ctrlKey && !event.shiftKey && event.deltaX === 0)
			return;
		event.preventDefault();
		this.remember(performance.now());
		const across = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
		if (Math.abs(across) > Math.abs(event.deltaY) || event.shiftKey)
			view.move(across * lines / chart.area.w * view.span);
		else if (event.ctrlKey && event.altKey)
			view.zoomMemory(WHEEL_STEP ** turns, chart.memoryAt(at.y), chart.memory);
		else if (event.altKey)
			view.zoomMemory(WHEEL_STEP ** turns, chart.memoryAt(at.y), chart.memory);
		else
			view.zoom(WHEEL_STEP ** turns, chart.timeAt(at.x));
	}

	// One finger moves, two zoom; up and down it scrolls the page (touch-action).
	touchDown(event) {
		event.currentTarget.setPointerCapture(event.pointerId);
		this.touches.set(event.pointerId, event.clientX);
		this.view.remember();
		this.restartTouch();
		const at = this.place(event);
		this.cursor.place = null;
		this.view.setCursor(this.chart.timeAt(at.x));
	}

	// Where the fingers are, and which times are under them.
	restartTouch() {
		const left = this.chart.room.getBoundingClientRect().left;
		this.held = [...this.touches.values()].map((x) => ({ x, time: this.chart.timeAt(x - left) }));
	}

	touchMoved(event) {
		this.touches.set(event.pointerId, event.clientX);
		const { chart, view } = this, left = chart.room.getBoundingClientRect().left + chart.area.x;
		const xs = [...this.touches.values()];
		if (xs.length === 1) {
			const from = this.held[0].time - (xs[0] - left) / chart.area.w * view.span;
			view.show(from, from + view.span);
			return;
		}
		const [a, b] = this.held, apart = xs[1] - xs[0];
		if (Math.abs(apart) < 8 || a.time === b.time || (b.time - a.time) / apart <= 0)
			return;
		const perDot = (b.time - a.time) / apart, from = a.time - (xs[0] - left) * perDot;
		view.show(from, from + perDot * chart.area.w);
	}

	moveCursor(columns, isSelecting) {
		const { view, chart } = this, old = view.cursor ?? (columns > 0 ? view.from : view.to);
		const time = Math.min(Math.max(old + columns * view.span / chart.area.w, view.start), view.end);
		if (isSelecting) {
			this.anchor ??= old;
			view.selection = { from: Math.min(this.anchor, time), to: Math.max(this.anchor, time) };
		} else {
			this.anchor = null;
		}
		this.cursor.place = null;
		this.cursor.words = null;
		if (time < view.from || time > view.to)
			view.move(time < view.from ? time - view.from : time - view.to);
		view.setCursor(time);
		this.cursor.speak();
	}

	goToPeak() {
		const main = this.chart.drawn.find((curve) => curve.isMain) ?? this.chart.drawn[0];
		if (main === undefined)
			return;
		const figures = main.series.figures(this.view.from, this.view.to);
		if (figures === null)
			return;
		this.cursor.place = null;
		this.view.setCursor(figures.peakAt);
		this.cursor.speak();
	}

	zoomBy(factor) {
		const { view } = this, middle = (view.from + view.to) / 2;
		const isSeen = view.cursor !== null && view.cursor >= view.from && view.cursor <= view.to;
		this.remember(performance.now());
		view.zoom(factor, isSeen ? view.cursor : middle);
	}

	key(event) {
		const { view } = this, step = event.ctrlKey ? 50 : 5;
		const keys = {
			ArrowLeft: () => this.moveCursor(-step, event.shiftKey),
			ArrowRight: () => this.moveCursor(step, event.shiftKey),
			PageUp: () => this.page(-0.5),
			PageDown: () => this.page(0.5),
			Home: () => this.moveCursor(-1e9, event.shiftKey),
			End: () => this.moveCursor(1e9, event.shiftKey),
			"+": () => this.zoomBy(0.5),
			"=": () => this.zoomBy(0.5),
			"-": () => this.zoomBy(2),
			0: () => view.showWhole(),
			b: () => view.back(),
			Backspace: () => view.back(),
			p: () => this.goToPeak(),
			Enter: () => view.zoomToSelection(),
			Escape: () => view.select(null),
		};
		const work = event.altKey || event.metaKey ? undefined : keys[event.key];
		if (work === undefined)
			return;
		event.preventDefault();
		work();
	}

	page(part) {
		this.remember(performance.now());
		this.view.move(part * this.view.span);
	}
}
