// Small behaviours of the console. Every page works without them; they make it quicker.
(function () {
  "use strict";
  const on = (type, selector, act) => document.addEventListener(type, event => {
    const target = event.target instanceof Element ? event.target.closest(selector) : null;
    if (target) { act(target, event); }
  });

  on("click", "[data-theme-toggle]", () => window.countersignTheme.toggle());

  on("click", "[data-menu-toggle]", button => {
    const open = document.body.classList.toggle("menu-open");
    button.setAttribute("aria-expanded", String(open));
  });
  on("keydown", "body.menu-open", (body, event) => {
    if (event.key === "Escape") {
      body.classList.remove("menu-open");
      const button = document.querySelector("[data-menu-toggle]");
      button.setAttribute("aria-expanded", "false");
      button.focus();
    }
  });

  on("click", "[data-copy]", async button => {
    await navigator.clipboard.writeText(button.dataset.copy);
    const said = button.querySelector("[data-copy-label]");
    said.textContent = button.dataset.copied;
    button.classList.add("copied");
    setTimeout(() => { said.textContent = button.dataset.label; button.classList.remove("copied"); }, 2000);
  });

  on("click", "[data-opens]", (button, event) => {
    const dialog = document.getElementById(button.dataset.opens);
    if (dialog) { event.preventDefault(); dialog.showModal(); }
  });
  on("click", "[data-closes]", (button, event) => {
    const dialog = button.closest("dialog");
    if (dialog && dialog.open) { event.preventDefault(); dialog.close(); }
  });
  document.querySelectorAll("dialog[data-show]").forEach(dialog => { dialog.removeAttribute("open"); dialog.showModal(); });

  // A typed confirmation enables its button; the server checks it again.
  on("input", "[data-confirm]", input => {
    const button = input.form.querySelector("[data-confirmed]");
    button.disabled = input.value.trim() !== input.dataset.confirm;
  });
  document.querySelectorAll("[data-confirm]").forEach(input => {
    input.form.querySelector("[data-confirmed]").disabled = input.value.trim() !== input.dataset.confirm;
  });

  // One press, one act; and a sign that something is going on.
  document.addEventListener("submit", event => {
    const form = event.target;
    if (event.defaultPrevented || form.method.toLowerCase() !== "post") { return; }
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    const button = event.submitter;
    if (button) { button.classList.add("btn-loading"); button.setAttribute("aria-busy", "true"); }
    const progress = form.querySelector("[data-progress]");
    if (progress) { progress.hidden = false; }
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(form => {
    delete form.dataset.sent;
    form.querySelectorAll(".btn-loading").forEach(b => { b.classList.remove("btn-loading"); b.removeAttribute("aria-busy"); });
  }));

  on("change", "[data-submits]", input => input.form.requestSubmit());

  // Check boxes of a list: all at once, and the number chosen beside the buttons.
  const rowsOf = form => [...form.elements].filter(e => e.matches("input[data-row]"));
  const count = box => {
    const chosen = rowsOf(box.form).filter(e => e.checked).length;
    box.form.querySelectorAll("[data-chosen]").forEach(e => { e.textContent = String(chosen); });
    box.form.querySelectorAll("[data-bulk]").forEach(e => { e.hidden = chosen === 0; });
  };
  on("change", "input[data-all]", box => {
    rowsOf(box.form).forEach(row => { row.checked = box.checked; });
    count(box);
  });
  on("change", "input[data-row]", count);
  document.querySelectorAll("input[data-row]:checked").forEach(count);

  // Choices that show more fields: <fieldset data-shown-when="name=value">.
  const show = form => form.querySelectorAll("[data-shown-when]").forEach(part => {
    const [name, values] = part.dataset.shownWhen.split("=");
    const input = form.querySelector(`[name="${name}"]:checked, select[name="${name}"]`);
    part.hidden = !input || !values.split("|").includes(input.value);
    part.querySelectorAll("input, select, textarea").forEach(e => { e.disabled = part.hidden; });
  });
  document.querySelectorAll("form").forEach(form => { if (form.querySelector("[data-shown-when]")) { show(form); form.addEventListener("change", () => show(form)); } });

  // On a narrow screen a row is a card: each of its lines gets the name of its column. The first is the title, the last are buttons.
  const nameCells = () => document.querySelectorAll("table.list").forEach(table => {
    const heads = [...table.querySelectorAll("thead th")].map(head => head.querySelector(".visually-hidden, input") ? "" : head.textContent.trim());
    table.querySelectorAll("tbody tr").forEach(row => [...row.cells].forEach((cell, at) => {
      if (heads[at] && !cell.querySelector(":scope > .row-title")) { cell.dataset.head = heads[at]; }
    }));
  });
  nameCells();

  // Text from a chosen file into the box above it.
  on("change", "input[type=file][data-into]", async input => {
    const file = input.files[0];
    if (file && file.size < 1024 * 1024) {
      const text = await file.text();
      if (text.includes("-----BEGIN")) { document.getElementById(input.dataset.into).value = text; }
    }
  });

  // A live part: the server says "changed", the part is fetched again and put in place.
  document.querySelectorAll("[data-live]").forEach(part => {
    const source = new EventSource(part.dataset.live);
    const said = document.querySelector("[data-live-state]");
    const state = good => { if (said) { said.dataset.liveState = good ? "on" : "off"; } };
    let busy = false, again = false;
    const refresh = async () => {
      if (busy) { again = true; return; }
      busy = true;
      try {
        const answer = await fetch(location.href, { headers: { "X-Live": "1" } });
        if (answer.ok && !answer.redirected) {
          const page = new DOMParser().parseFromString(await answer.text(), "text/html");
          const fresh = page.getElementById(part.id);
          const chosen = new Set([...part.querySelectorAll("input[data-row]:checked")].map(e => e.value));
          if (fresh && !part.contains(document.activeElement?.closest("dialog"))) {
            part.replaceChildren(...fresh.childNodes);
            part.querySelectorAll("input[data-row]").forEach(e => { e.checked = chosen.has(e.value); });
            nameCells();
            const first = part.querySelector("input[data-row]");
            if (first) { count(first); }
          }
          document.querySelectorAll("[data-live-text]").forEach(e => {
            const twin = page.querySelector(`[data-live-text="${e.dataset.liveText}"]`);
            if (twin) { e.textContent = twin.textContent; e.hidden = twin.hidden; }
          });
        }
      } finally {
        busy = false;
        if (again) { again = false; refresh(); }
      }
    };
    source.addEventListener("open", () => state(true));
    source.addEventListener("error", () => state(false));
    source.addEventListener("changed", refresh);
    window.addEventListener("pagehide", () => source.close());
  });

  // "/" goes to the search box.
  document.addEventListener("keydown", event => {
    if (event.key === "/" && !event.ctrlKey && !event.metaKey && !/^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName)) {
      const search = document.getElementById("search");
      if (search) { event.preventDefault(); search.focus(); }
    }
  });
})();
