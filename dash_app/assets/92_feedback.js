// The feedback desk: queue by keyboard and pointer, who works, and the dialog in which something is done.
// Deeds go to /api/feedback/act and not through a callback: people must know whether they were stored.
(function () {
  "use strict";
  const G = window.geoioc;
  const A = G.alerts; // the person's name and the toast are the same everywhere
  const D = (G.desk = {});
  const setProps = (id, props) => window.dash_clientside && window.dash_clientside.set_props && window.dash_clientside.set_props(id, props);
  const page = () => document.querySelector(".desk-page");
  const english = G.config.lang === "en" ? "?lang=en" : "";
  const FIELDS = ["queue", "unit", "category", "by", "level", "channel", "q", "days", "sort", "page"];
  const NARROWING = ["unit", "category", "by", "level", "channel", "q", "days"];

  // ------------------------------------------------------------ who works: kept by this browser until accounts come
  const ROLE = "geoioc.desk.role";
  D.role = () => { try { return localStorage.getItem(ROLE) || "operator"; } catch { return "operator"; } };
  function become(role) {
    localStorage.setItem(ROLE, role);
    marked.clear();
    setProps("desk-role", { data: role });
  }

  // ------------------------------------------------------------ address, filters, the open case
  let tick = 0;
  D.refresh = () => { tick += 1; setProps("desk-tick", { data: tick }); };
  const code = () => decodeURIComponent((location.pathname.match(/^\/feedback\/([^/]+)$/) || [])[1] || "") || null;
  function view() {
    const query = new URLSearchParams(location.search);
    return Object.fromEntries(FIELDS.map((name) => [name, query.get(name)]));
  }
  function narrow(changes) {
    if (!("page" in changes)) changes.page = null;
    G.writeQuery(changes);
    setProps("desk-view", { data: view() });
    const clear = document.querySelector(".desk-clear");
    if (clear) clear.hidden = !NARROWING.some((name) => view()[name]);
    if ("page" in changes) { const list = document.getElementById("desk-list"); if (list) list.scrollTop = 0; }
  }
  function fillIn() {
    document.querySelectorAll("[data-desk-filter]").forEach((select) => { select.value = view()[select.dataset.deskFilter] || ""; });
    setProps("desk-find", { value: view().q || "" });
  }
  D.open = (wantedCode, { push = true } = {}) => {
    if (push && code() !== wantedCode) history.pushState(null, "", `/feedback${wantedCode ? `/${encodeURIComponent(wantedCode)}` : ""}${location.search}${location.hash}`);
    page().dataset.open = wantedCode || "";
    setProps("desk-open", { data: wantedCode });
    paint();
    if (wantedCode) wanted = wantedCode;
    else focusLine();
  };
  let wanted = null; // case that shall get the focus when it comes
  window.addEventListener("popstate", () => {
    if (!page()) return;
    D.open(code(), { push: false });
    setProps("desk-view", { data: view() });
    fillIn();
  });

  // ------------------------------------------------------------ lines
  const marked = new Set();
  let at = null;
  const lines = () => [...document.querySelectorAll("#desk-list li[data-case]")];
  const assignable = (line) => ["received", "returned"].includes(line.dataset.state);
  function set(element, name, value) {
    if (!element || element.getAttribute(name) === value) return;
    if (value === null) element.removeAttribute(name);
    else element.setAttribute(name, value);
  }
  function paint() {
    const here = page();
    if (!here) return;
    const who = document.getElementById("desk-who");
    if (who && who.dataset.told !== "true") {
      who.dataset.told = "true";
      const known = [...who.options].some((option) => option.value === D.role());
      who.value = known ? D.role() : "operator";
      setProps("desk-role", { data: who.value });
      if (code()) wanted = code();
      // A telephone shows the list first; what narrows it unfolds.
      const more = document.querySelector(".desk-narrow");
      if (more && matchMedia("(max-width: 700px)").matches && !NARROWING.some((name) => name !== "q" && view()[name])) more.open = false;
    }
    const present = new Set(lines().map((line) => line.dataset.case));
    [...marked].forEach((id) => present.has(id) || marked.delete(id));
    lines().forEach((line) => {
      set(line.querySelector(".mark"), "aria-checked", String(marked.has(line.dataset.case)));
      set(line.querySelector("a"), "aria-current", line.dataset.case === here.dataset.open ? "true" : null);
    });
    const possible = lines().filter(assignable);
    const bulk = document.querySelector(".desk-bulk");
    const useful = D.role() === "operator" && (possible.length > 0 || marked.size > 0);
    if (bulk && bulk.hidden !== !useful) bulk.hidden = !useful;
    if (!bulk) return;
    set(document.getElementById("desk-mark-all"), "aria-checked",
      marked.size ? (possible.every((line) => marked.has(line.dataset.case)) ? "true" : "mixed") : "false");
    const words = document.getElementById("desk-marked");
    words.dataset.words = words.dataset.words || words.textContent;
    const said = marked.size ? G.text("alerts.marked", { n: marked.size }) : words.dataset.words;
    if (words.textContent !== said) words.textContent = said;
    const able = lines().filter((line) => marked.has(line.dataset.case) && assignable(line)).length;
    document.getElementById("desk-assign-marked").disabled = !able;
  }
  function focusLine() {
    const line = lines().find((candidate) => candidate.dataset.case === at);
    if (line) line.querySelector("a").focus();
  }
  function mark(ids, on) {
    ids.forEach((id) => (on ? marked.add(id) : marked.delete(id)));
    paint();
  }
  function move(by) {
    const all = lines();
    if (!all.length) return;
    const now = all.findIndex((line) => line.dataset.case === at);
    const next = all[Math.min(all.length - 1, Math.max(0, now < 0 ? (by > 0 ? 0 : all.length - 1) : now + by))];
    at = next.dataset.case;
    const link = next.querySelector("a");
    link.focus();
    link.scrollIntoView({ block: "nearest" });
    if (page().dataset.open && !matchMedia("(max-width: 1000px)").matches) D.open(at);
  }

  // ------------------------------------------------------------ clicks and keys
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (!target || !page() || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const box = target.closest(".desk-page .mark");
    if (box) {
      if (box.id === "desk-mark-all") {
        const ids = lines().filter(assignable).map((line) => line.dataset.case);
        return mark(ids, !ids.every((id) => marked.has(id)));
      }
      const id = box.closest("li").dataset.case;
      return mark([id], !marked.has(id));
    }
    const queue = target.closest(".desk-page [data-queue]");
    if (queue) {
      event.preventDefault();
      document.querySelectorAll(".desk-tab").forEach((tab) => set(tab, "aria-current", tab.dataset.queue === queue.dataset.queue ? "true" : null));
      marked.clear();
      return narrow({ queue: queue.dataset.queue === "new" ? null : queue.dataset.queue });
    }
    const step = target.closest(".desk-pager [data-page]");
    if (step) {
      event.preventDefault();
      return narrow({ page: step.dataset.page === "1" ? null : step.dataset.page });
    }
    if (target.closest(".desk-clear")) {
      event.preventDefault();
      narrow(Object.fromEntries(NARROWING.map((name) => [name, null])));
      return fillIn();
    }
    const line = target.closest("#desk-list li[data-case] > a");
    if (line) {
      event.preventDefault();
      at = line.parentElement.dataset.case;
      return D.open(at);
    }
    const other = target.closest(".desk-detail [data-open-case]");
    if (other) {
      event.preventDefault();
      return D.open(other.dataset.openCase);
    }
    if (target.closest(".desk-case .back")) {
      event.preventDefault();
      return D.open(null);
    }
    const photo = target.closest(".desk-case [data-photo]");
    if (photo) return publish(photo);
    const button = target.closest(".desk-case [data-deed]");
    if (button) return ask(button, [page().dataset.open]);
    const bulk = target.closest("#desk-assign-marked");
    if (bulk) {
      const ids = lines().filter((item) => marked.has(item.dataset.case) && assignable(item)).map((item) => item.dataset.case);
      return ask({ dataset: { deed: "assign", needs: "to_unit", may: "note" }, textContent: bulk.textContent }, ids);
    }
  });
  document.addEventListener("focusin", (event) => {
    const stop = event.target.closest && event.target.closest("#desk-list li[data-case] > a");
    if (stop) at = stop.parentElement.dataset.case;
  });
  document.addEventListener("change", (event) => {
    if (!page()) return;
    const select = event.target.closest("[data-desk-filter]");
    if (select) return narrow({ [select.dataset.deskFilter]: select.value });
    if (event.target.id === "desk-who") become(event.target.value);
  });
  let typing = null;
  document.addEventListener("input", (event) => {
    if (!page() || event.target.id !== "desk-find") return;
    clearTimeout(typing);
    typing = setTimeout(() => narrow({ q: event.target.value.trim() }), 300);
  });
  document.addEventListener("keydown", (event) => {
    if (!page() || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.target.closest("input, textarea, select")) {
      if (event.key === "Escape" && event.target.id === "desk-find") event.target.blur();
      return;
    }
    const inList = !event.target.closest(".desk-detail");
    const focused = document.activeElement.closest("#desk-list li[data-case]");
    if (event.key === "j" || (event.key === "ArrowDown" && inList)) { event.preventDefault(); move(1); }
    else if (event.key === "k" || (event.key === "ArrowUp" && inList)) { event.preventDefault(); move(-1); }
    else if (event.key === "x" && focused) mark([focused.dataset.case], !marked.has(focused.dataset.case));
    else if (event.key === "/") { event.preventDefault(); document.getElementById("desk-find").focus(); }
    else if (event.key === "Escape" && page().dataset.open) D.open(null);
  });

  // ------------------------------------------------------------ what the server drew
  let due = false;
  new MutationObserver(() => {
    if (due || !page()) return;
    due = true;
    requestAnimationFrame(() => {
      due = false;
      if (!page()) return;
      const lost = document.activeElement === document.body && at;
      paint();
      if (lost && document.activeElement === document.body && !wanted) focusLine();
      const shown = document.querySelector(".desk-case");
      if (wanted && shown && shown.dataset.case === wanted) {
        const keyboard = document.activeElement.closest && document.activeElement.closest("#desk-list");
        wanted = null;
        document.getElementById("desk-detail").scrollTop = 0;
        if (matchMedia("(max-width: 1000px)").matches) window.scrollTo(0, 0);
        // Who walks along the list by j and k stays in it.
        if (!keyboard || matchMedia("(max-width: 1000px)").matches) {
          const title = document.getElementById("desk-case-title");
          if (title) title.focus({ preventScroll: true });
        }
      }
    });
  }).observe(document.documentElement, { childList: true, subtree: true });

  // ------------------------------------------------------------ every minute
  let asked = Date.now();
  setInterval(() => { if (page() && !document.hidden) { asked = Date.now(); D.refresh(); } }, 60e3);
  document.addEventListener("visibilitychange", () => { if (page() && !document.hidden && Date.now() - asked > 60e3) { asked = Date.now(); D.refresh(); } });

  // ------------------------------------------------------------ the dialog of a deed
  let dialog = null;
  let task = null; // {deed, needs, may, of, cases: {code: newest event somebody saw}}
  const subject = (id) => document.querySelector(`.desk-case[data-case="${CSS.escape(id)}"]`)
    || document.querySelector(`#desk-list li[data-case="${CSS.escape(id)}"]`);
  const handlers = () => JSON.parse(page().dataset.handlers || "[]");
  const wants = (name) => task.needs.includes(name) || task.may.includes(name);
  function build() {
    dialog = document.createElement("dialog");
    dialog.id = "deed";
    dialog.setAttribute("aria-labelledby", "deed-title");
    document.body.append(dialog);
    dialog.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); go(); }
    });
  }
  const label = (name, field) => `<label class="act-field"><span>${G.text(`deed.${name}`)}${task.needs.includes(name) ? "" : ` (${G.text("act.optional")})`}</span>${field}</label>`;
  const options = (pairs, chosen) => pairs.map(([value, words]) => `<option value="${G.escape(value)}"${value === chosen ? " selected" : ""}>${G.escape(words)}</option>`).join("");
  function fields() {
    const parts = [];
    if (wants("to_unit")) parts.push(label("to_unit", `<select id="deed-to_unit"><option value=""></option>${options(handlers().map((name) => [name, name]), task.suggested)}</select>`));
    if (wants("title")) parts.push(label("title", `<input id="deed-title-words" maxlength="200" value="${G.escape(task.words)}">`));
    if (wants("level")) parts.push(label("level", `<select id="deed-level">${options(["emergency", "ordinary", "complex"].map((name) => [name, G.text(`deed.level.${name}`)]), task.level)}</select>`));
    if (wants("category")) parts.push(label("category", `<select id="deed-category">${[...document.getElementById("desk-filter-category").options].slice(1).map((item) => `<option value="${G.escape(item.value)}"${item.value === task.category ? " selected" : ""}>${G.escape(item.textContent)}</option>`).join("")}</select>`));
    if (wants("until")) parts.push(label("until", '<input id="deed-until" type="datetime-local">'));
    if (wants("duplicate_of")) parts.push(label("duplicate_of", `<input id="deed-duplicate_of" maxlength="60" value="${G.escape(task.of || "")}">`));
    if (wants("result")) parts.push(label("result", '<textarea id="deed-result" rows="3" maxlength="4000"></textarea>'));
    if (wants("note")) parts.push(label("note", '<textarea id="deed-note" rows="3" maxlength="2000"></textarea>'));
    if (wants("photo")) parts.push(label("photo", '<input id="deed-photo" type="file" accept="image/*" multiple>'));
    return parts.join("");
  }
  const part = (name) => dialog.querySelector(`#deed-${name}`);
  function ask(button, ids) {
    const found = ids.filter(subject);
    if (!found.length) return;
    if (!dialog) build();
    const kept = task && task.deed === button.dataset.deed && Object.keys(task.cases).join() === found.join() ? task.draft : {};
    const words = button.textContent;
    task = {
      deed: button.dataset.deed, title: button.title && button.dataset.of ? button.title : words, of: button.dataset.of || "",
      needs: (button.dataset.needs || "").split(" ").filter(Boolean), may: (button.dataset.may || "").split(" ").filter(Boolean),
      cases: Object.fromEntries(found.map((id) => [id, Number(subject(id).dataset.seen)])), draft: kept,
      suggested: subject(found[0]).dataset.suggested || "", level: subject(found[0]).dataset.level || "ordinary",
      category: subject(found[0]).dataset.category || "", words: found.length === 1 ? subject(found[0]).dataset.title || "" : "",
    };
    const names = found.map((id) => subject(id).dataset.name);
    dialog.innerHTML = `<form method="dialog" novalidate><h2 id="deed-title"></h2><ul id="act-what"></ul>
      <label class="act-field"><span>${G.text("act.name")}</span><input id="deed-name" autocomplete="name" maxlength="80"></label>
      ${fields()}<p class="problem" id="deed-problem" role="alert"></p>
      <div class="act-buttons"><button type="button" class="tool" id="deed-cancel">${G.text("act.cancel")}</button>
      <button type="submit" class="tool primary" id="deed-go"></button></div></form>`;
    part("title").textContent = found.length > 1 ? G.text("deed.many", { action: words, n: found.length }) : task.title;
    dialog.querySelector("#act-what").replaceChildren(...[...names.slice(0, 4), ...(names.length > 4 ? [`+ ${names.length - 4}`] : [])].map((text) => Object.assign(document.createElement("li"), { textContent: text })));
    part("go").textContent = words;
    part("name").value = A.name();
    Object.entries(kept || {}).forEach(([name, value]) => { if (part(name)) part(name).value = value; });
    part("cancel").onclick = () => { keep(); dialog.close(); };
    dialog.querySelector("form").onsubmit = (event) => { event.preventDefault(); go(); };
    dialog.showModal();
    const first = A.name() ? dialog.querySelector("select, textarea, input:not(#deed-name)") : part("name");
    (first || part("go")).focus();
  }
  const VALUES = ["to_unit", "level", "category", "until", "duplicate_of", "result", "note", "title-words"];
  function keep() { task.draft = Object.fromEntries(VALUES.filter((name) => part(name)).map((name) => [name, part(name).value])); }
  function problem(words) { part("problem").textContent = words || ""; }
  async function go() {
    const name = part("name").value.trim();
    if (!name) { problem(G.text("act.needName")); return part("name").focus(); }
    for (const need of task.needs) {
      const field = part(need);
      if (!field) continue;
      const empty = field.type === "file" ? !field.files.length : !field.value.trim();
      if (empty) { problem(G.text(`deed.need.${need}`)); return field.focus(); }
    }
    A.keepName(name);
    keep();
    const form = new FormData();
    const until = task.draft.until ? `${task.draft.until}:00+07:00` : "";
    form.append("deed", JSON.stringify({ action: task.deed, cases: task.cases, name, role: D.role(), ...task.draft, title: task.draft["title-words"] || "", until }));
    if (part("photo")) [...part("photo").files].forEach((file) => form.append("photo", file));
    const words = part("go").textContent;
    part("go").disabled = true;
    part("go").textContent = G.text("act.saving");
    problem(null);
    try {
      const response = await fetch(`/api/feedback/act${english}`, { method: "POST", body: form, headers: { Accept: "application/json" } });
      const answer = await response.json();
      (answer.done || []).forEach((id) => { delete task.cases[id]; marked.delete(id); });
      D.refresh();
      if (response.ok) return settled(answer.done.length, words);
      (answer.refused || []).forEach((one) => { if ("seen" in one) task.cases[one.code] = one.seen; });
      problem(explain(answer, words));
    } catch (error) {
      problem(G.text("act.failed"));
    } finally {
      if (part("go")) { part("go").textContent = words; part("go").disabled = false; }
    }
  }
  function explain(answer, words) {
    const reasons = [...new Set((answer.refused || []).map((one) => one.message))].slice(0, 3);
    if (!reasons.length) return answer.message || G.text("act.failed");
    const stored = (answer.done || []).length ? [G.text("deed.done", { action: words, n: answer.done.length })] : [];
    return [...stored, ...reasons].join(" ");
  }
  function settled(n, words) {
    task = null;
    dialog.close();
    A.toast(G.text("deed.done", { action: words, n }));
  }
  async function publish(button) {
    button.disabled = true;
    try {
      const response = await fetch(`/api/feedback/photo/${button.dataset.photo}${english}`, {
        method: "POST", headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: JSON.stringify({ public: button.dataset.public === "true", name: A.name(), role: D.role() }),
      });
      const answer = await response.json();
      A.toast(answer.message);
      D.refresh();
    } catch (error) {
      A.toast(G.text("act.failed"));
    } finally {
      button.disabled = false;
    }
  }
})();
