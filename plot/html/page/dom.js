// Elements, and canvases as fine as the screen. Names of others are text here, never markup.

const byId = (id) => document.getElementById(id);

// @content: strings become text.
function element(tag, attributes, ...content) {
	const made = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes ?? {})) {
		if (name.startsWith("on"))
			made.addEventListener(name.slice(2), value);
		else if (value !== null && value !== undefined && value !== false)
			made.setAttribute(name, value === true ? "" : value);
	}
	made.append(...content.filter((part) => part !== null && part !== undefined));
	return made;
}

// Colours are the style sheet's: asked once a theme.
class Colors {
	constructor() {
		this.known = new Map();
	}

	forget() {
		this.known.clear();
	}

	get(name) {
		let color = this.known.get(name);
		if (color === undefined) {
			color = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
			this.known.set(name, color);
		}
		return color;
	}

	// What is read on it: dark on bright colours, bright on dark ones.
	on(name) {
		const hex = this.get(name), part = (at) => parseInt(hex.slice(at, at + 2), 16) / 255;
		const linear = (c) => (c <= 0.04 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
		const light = 0.2126 * linear(part(1)) + 0.7152 * linear(part(3)) + 0.0722 * linear(part(5));
		return light > 0.3 ? "#15161a" : "#ffffff";
	}
}

const colors = new Colors();

// Cleared, in units of the page. The size is set only when it has changed: that is expensive.
function beginCanvas(canvas, width, height) {
	const dots = devicePixelRatio || 1;
	const w = Math.round(width * dots), h = Math.round(height * dots);
	if (canvas.width !== w || canvas.height !== h) {
		canvas.width = w;
		canvas.height = h;
		canvas.style.width = `${width}px`;
		canvas.style.height = `${height}px`;
	}
	const context = canvas.getContext("2d");
	context.setTransform(dots, 0, 0, dots, 0, 0);
	context.clearRect(0, 0, width, height);
	return context;
}

// @thing undefined: only its room.
function swatch(thing, isFunction) {
	const mark = element("span", { class: isFunction && thing ? "swatch bar" : thing?.dash ? "swatch dashed" : "swatch",
		"aria-hidden": "true" });
	mark.style.setProperty("--color", thing ? `var(${thing.color})` : "transparent");
	return mark;
}

// The name of a curve or a function, which keeps what tells it from others; several processes run one program.
function nameOf(thing) {
	return element("span", { class: "name" }, thing.brief ?? thing.name,
		thing.pid > 0 ? element("span", { class: "pid" }, ` ${thing.pid}`) : null);
}

// What is written at most so often, when hands rest.
function whenAtRest(milliseconds, work) {
	let timer = null;
	return () => {
		clearTimeout(timer);
		timer = setTimeout(work, milliseconds);
	};
}
