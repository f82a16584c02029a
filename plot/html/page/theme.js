// Light or dark: as the system has it, or --theme dark, until the reader chooses, which is remembered.

const THEME_KEY = "mprof-trace-theme";

// A page from a file may not be allowed to keep anything.
function rememberedTheme() {
	try {
		const theme = localStorage.getItem(THEME_KEY);
		return theme === "light" || theme === "dark" ? theme : null;
	} catch {
		return null;
	}
}

function rememberTheme(theme) {
	try {
		localStorage.setItem(THEME_KEY, theme);
	} catch {
		// It is so for this time alone.
	}
}

function startTheme(button, isDarkAtFirst, changed) {
	const system = matchMedia("(prefers-color-scheme: dark)"), root = document.documentElement;
	const isDark = () => (root.dataset.theme ?? (system.matches ? "dark" : "light")) === "dark";
	const show = () => {
		button.textContent = isDark() ? "Light" : "Dark";
		button.setAttribute("aria-label", isDark() ? "Light colours" : "Dark colours");
		colors.forget();
		changed();
	};
	const remembered = rememberedTheme() ?? (isDarkAtFirst ? "dark" : null);
	if (remembered !== null)
		root.dataset.theme = remembered;
	button.addEventListener("click", () => {
		root.dataset.theme = isDark() ? "light" : "dark";
		rememberTheme(root.dataset.theme);
		show();
	});
	system.addEventListener("change", show);
	show();
}
