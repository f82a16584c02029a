// What can be done with the page, for who asks.

const KEYS = [
	["wheel, pinch", "zoom about the pointer"],
	["Alt + wheel", "zoom memory"],
	["drag", "select a range"],
	["Shift + drag, one finger", "move"],
	["Shift + wheel, Page Up, Page Down", "move"],
	["double click, 0", "all of it"],
	["b, Backspace", "the view before"],
	["← →", "read the curves at one time after the other; Ctrl: faster"],
	["Shift + ← →", "select a range"],
	["Enter", "zoom to the selected range; Esc clears it"],
	["+ −", "zoom"],
	["p", "to the peak"],
	["click in the legend", "hide or show; with Alt: this one alone"],
];

function startKeys(button, room) {
	room.append(element("dl", {}, ...KEYS.map(([keys, what]) => element("div", {}, element("dt", {}, keys),
		element("dd", {}, what)))));
	const toggle = () => {
		room.hidden = !room.hidden;
		button.setAttribute("aria-expanded", String(!room.hidden));
	};
	button.addEventListener("click", toggle);
	addEventListener("keydown", (event) => {
		if (event.key === "?" && !(event.target instanceof HTMLInputElement))
			toggle();
	});
}
