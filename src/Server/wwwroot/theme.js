// Runs before the first paint: the stored choice, else what the system prefers. No flash of the other theme.
(function () {
  "use strict";
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const stored = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
  const apply = () => {
    const choice = stored();
    root.dataset.bsTheme = choice === "dark" || choice === "light" ? choice : dark.matches ? "dark" : "light";
  };
  apply();
  dark.addEventListener("change", () => { apply(); document.dispatchEvent(new Event("themechange")); });
  window.countersignTheme = {
    toggle() {
      try { localStorage.setItem("theme", root.dataset.bsTheme === "dark" ? "light" : "dark"); } catch { /* private window: the choice lasts for this page */ }
      if (stored() === null) { root.dataset.bsTheme = root.dataset.bsTheme === "dark" ? "light" : "dark"; } else { apply(); }
      document.dispatchEvent(new Event("themechange"));
    },
  };
})();
