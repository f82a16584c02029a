// Puts the page together, and draws what has changed, once a frame.
//
// All scripts stand in one block, in order of their names: what they do not do within functions must not
// need another one's constants and classes.

function showHead(model, payload) {
	const [profile] = model.profiles;
	const title = payload.title ?? (model.isPair ? model.profiles.map((p) => p.file).join(" and ")
		: profile.command ?? profile.file);
	byId("title").textContent = title;
	byId("title").title = title;
	document.title = `${title.slice(0, 200)} – mprof-trace`;
	byId("subtitle").textContent = model.isPair
		? model.profiles.map((p, i) => `${"AB"[i]}: ${p.file}, ${formatDate(startOf(p))}`).join("  ·  ")
		: `${profile.file} · ${model.hasClock ? `${formatDate(startOf(profile))} · ` : ""}${formatDuration(profile.duration)}`;
	byId("memory-label").textContent = profile.metric === "" ? "Memory" : `Memory (${profile.metric})`;
	byId("made").textContent = `Made by mprof-trace ${payload.version}.`;
	const notices = noticesOf(model);
	byId("notices").hidden = notices.length === 0;
	byId("notices").replaceChildren(...notices.map((notice) => element("span", {}, notice)));
	byId("clock").hidden = !model.hasClock;
	if (payload.zero !== null)
		byId("memory-label").textContent += `, times since ${payload.zero}`;
}

const startOf = (profile) => profile.startMs + profile.begin * 1000;

// What is seen first, when the address does not say.
function hashOf(payload) {
	const window = payload.window === undefined ? [] : [`t=${payload.window[0]}-${payload.window[1]}`];
	return [...window, ...payload.isClock ? ["clock"] : []].join("&");
}

class Page {
	constructor(model) {
		const view = new View(model), chart = new Chart(model, view, byId("chart"));
		const marks = new Marks(model, view, chart, byId("marks"));
		Object.assign(this, {
			model, view, chart, marks,
			strips: new Strips(model, view, chart, marks, byId("strips"), byId("strip-bars")),
			beside: new Beside(model, view, chart, byId("beside"), byId("beside-bars")),
			lanes: new Lanes(model, view, chart, byId("lanes"), byId("lane-room"), byId("lane-bars")),
			cursor: new Cursor(model, view, chart, byId("cursor"), byId("tip"), byId("spoken")),
			legend: new Legend(model, view, byId("legend"), chart.areas),
			tables: new Tables({ model, view }, byId("tables")),
			lines: new Lines(model, byId("lines")),
			changes: new Set(),
		});
		this.range = new Range(model, view, chart, this.cursor, byId("range"));
		this.frame = null;
	}

	changed(what) {
		this.changes.add(what);
		this.frame ??= requestAnimationFrame(() => this.draw());
	}

	// How long it takes is written to the page itself: the tests read it.
	draw() {
		const { changes } = this, start = performance.now(), isAll = changes.has("look");
		this.frame = null;
		this.changes = new Set();
		if (isAll) {
			this.legend.draw();
			this.lanes.arrange();
			byId("clock").setAttribute("aria-pressed", String(this.view.isClock));
		}
		if (isAll || changes.has("view")) {
			this.chart.draw();
			this.marks.draw();
			this.beside.draw();
			this.strips.draw();
			this.lanes.draw();
			this.range.drawSoon();
			byId("back").disabled = this.view.before.length === 0;
		} else if (changes.has("highlight")) {
			this.marks.draw();
			this.strips.draw();
			this.lanes.draw();
		}
		this.cursor.draw();
		if (changes.has("cursor") && this.selected !== this.view.selection)
			this.range.drawSoon();
		this.selected = this.view.selection;
		document.documentElement.dataset.drawMs = String(performance.now() - start);
	}

	resized() {
		this.chart.resize();
		this.changed("look");
	}

	start(isDark) {
		const { view } = this, middle = () => view.cursor ?? (view.from + view.to) / 2;
		const click = (id, work) => byId(id).addEventListener("click", work);
		view.listen((what) => this.changed(what));
		click("zoom-in", () => {
			view.remember();
			view.zoom(0.5, middle());
		});
		click("zoom-out", () => {
			view.remember();
			view.zoom(2, middle());
		});
		click("back", () => view.back());
		click("whole", () => view.showWhole());
		click("clock", () => view.setClock(!view.isClock));
		byId("search").addEventListener("input", (event) => {
			this.legend.search(event.target.value);
			this.tables.search(event.target.value);
			this.lines.search(event.target.value);
		});
		this.input = new Input(this);
		startKeys(byId("help"), byId("keys"));
		startTheme(byId("theme"), isDark, () => this.changed("look"));
		let width = byId("chart").clientWidth;
		new ResizeObserver(() => {
			if (byId("chart").clientWidth !== width)
				this.resized();
			width = byId("chart").clientWidth;
		}).observe(byId("chart"));
		matchMedia("print").addEventListener("change", () => this.resized());
	}
}

async function main() {
	const payload = await readPayload(), model = makeModel(payload);
	showHead(model, payload);
	const summary = showFigures(model);
	byId("chart").setAttribute("aria-label", `Memory over time. ${summary}`);
	const page = new Page(model);
	viewFromHash(page.view, location.hash || hashOf(payload));
	page.start(payload.isDark);
	page.tables.draw();
	page.changed("look");
	keepInHash(page.view);
	page.draw();
	document.documentElement.dataset.firstMs = String(performance.now() -
		performance.getEntriesByName("scripts")[0].startTime);
	page.range.draw();
}

addEventListener("DOMContentLoaded", () => main().catch((error) => {
	byId("notices").hidden = false;
	byId("notices").textContent = typeof DecompressionStream === "undefined"
		? "This browser is too old for this page: it has no DecompressionStream." : `This page is damaged: ${error}`;
	throw error;
}));
