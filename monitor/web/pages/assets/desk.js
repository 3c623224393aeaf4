// Keys press what is on the page ([data-key]: the row's own control first, then the page's), what is new waits for a click,
// and a page that has lost its line says so. Everything works without this file.
(() => {
  const PLACES = { KeyJ: "j", KeyK: "k", KeyO: "o", KeyX: "x", KeyE: "e", KeyS: "s", KeyZ: "z" };
  const EVERY = 20000, GONE = 45000;
  const one = (what, where = document) => where.querySelector(what);
  const rows = () => [...document.querySelectorAll(".row")];
  const here = () => document.activeElement?.closest(".row") || one(".row.on");

  // With the Hangul layout on, `key` is a jamo or "Process": then the place of the key counts.
  const keyOf = (e) => (/^[a-z/?]$/i.test(e.key) ? e.key.toLowerCase() : e.code === "Slash" ? (e.shiftKey ? "?" : "/") : PLACES[e.code]);
  const typing = (t) => t.isContentEditable || /^(TEXTAREA|SELECT)$/.test(t.tagName) || (t.tagName === "INPUT" && !/^(checkbox|radio)$/.test(t.type));

  function walk(step) {
    const all = rows(), at = all.indexOf(here());
    const next = all[Math.min(all.length - 1, Math.max(0, at + step))];
    if (!next) return;
    const open = one(".row.on"), link = one(".hd a", next);
    link.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
    if (open && open !== next) link.click(); // while one is open, walking opens the next
  }

  document.addEventListener("keydown", (e) => {
    if (e.isComposing || e.ctrlKey || e.metaKey || e.altKey || typing(e.target)) return;
    const key = keyOf(e);
    if (!key) return;
    const row = here(), find = `[data-key="${key}"]`;
    if ((key === "j" || key === "k") && rows().length) walk(key === "j" ? 1 : -1);
    else if (key === "/" && one("[type=search]")) one("[type=search]").focus();
    else {
      const control = (row && one(find, row)) || [...document.querySelectorAll(find)].find((c) => !c.closest(".row"));
      if (!control) return;
      if (row && control.form?.getAttribute("id") === "bulk" && key !== "x" && !one("[name=id]:checked")) one("[name=id]", row).checked = true;
      control.click();
    }
    e.preventDefault();
  });

  // After a swap the focus stays where it was: on its row, else on the row that took its place.
  let path = location.pathname, place = -1, id = "";
  document.addEventListener("htmx:before:swap", () => {
    const row = here();
    place = rows().indexOf(row);
    id = row?.id || "";
  });
  document.addEventListener("htmx:after:swap", () => {
    if (location.pathname !== path) {
      path = location.pathname;
      scrollTo(0, 0);
      one("#main")?.focus({ preventScroll: true });
    } else if (place >= 0 && !document.activeElement?.closest(".row")) {
      const row = document.getElementById(id) || rows()[Math.min(place, rows().length - 1)];
      one(".hd a", row || document)?.focus({ preventScroll: true });
    }
    listen();
  });
  if (location.hash.startsWith("#h")) one(".hd a", document.getElementById(location.hash.slice(1)) || undefined)?.focus();

  // What is new is counted and waits.
  let source, from = "", fresh = new Set();
  function listen() {
    const wanted = one("#page").dataset.stream || "";
    if (wanted === from) return show();
    source?.close();
    source = undefined;
    fresh = new Set();
    from = wanted;
    if (!wanted || !window.EventSource) return;
    source = new EventSource(wanted);
    source.addEventListener("hit", (e) => {
      fresh.add(JSON.parse(e.data).story.id || e.lastEventId);
      show();
    });
  }
  function show() {
    const button = one("#fresh");
    if (!button || !fresh.size) return;
    button.textContent = fresh.size === 1 ? button.dataset.one : button.dataset.many.replace("{}", fresh.size);
    button.hidden = false;
  }

  // How the line is, looked at again and again; an old answer is called old.
  let last = Date.now();
  async function look() {
    try {
      const answer = await fetch("/now", { headers: { Accept: "text/html" }, redirect: "manual" });
      if (answer.type === "opaqueredirect") return tell("login");
      if (!answer.ok) throw answer.status;
      const told = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("state");
      one("#fresh", told).replaceWith(one("#fresh")); // it is of the page, not of the line
      one("#state").replaceWith(told);
      last = Date.now();
    } catch {
      if (Date.now() - last < GONE && navigator.onLine) return;
      tell("stale");
    }
  }
  function tell(what) {
    one("#state").classList.add("stale");
    for (const id of ["stale", "login", "unsaid"]) one(`#${id}`).hidden = id !== what;
  }

  // What was typed stays where nobody answers, or wants to know first who asks; a page is asked for behind the login.
  document.addEventListener("htmx:before:response", (e) => {
    const { request, response } = e.detail.ctx, sent = request.method !== "GET";
    if (response.raw.redirected && new URL(response.raw.url).pathname === "/login") location.assign(response.raw.url);
    else if (sent && response.status === 401) tell("login");
    else if (sent && response.status >= 500) tell("unsaid");
    else return;
    e.preventDefault();
  });
  document.addEventListener("htmx:error", () => {
    last = 0;
    look();
  });
  setInterval(() => document.hidden || look(), EVERY);
  document.addEventListener("visibilitychange", () => document.hidden || look());
  addEventListener("online", look);
  addEventListener("offline", look);
  listen();
})();
