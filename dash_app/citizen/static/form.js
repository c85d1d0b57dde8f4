// The form of a report: the pin and what is said of it at once, categories, photos, sending.
(function () {
  "use strict";
  const C = window.citizen;
  const { config } = C;
  const form = document.getElementById("report");
  const part = (id) => document.getElementById(id);
  const draft = { key: C.draft.newKey(), lon: null, lat: null, by: null, category: "", content: "", place_text: "", name: "", phone: "", email: "", consent: false, agreed: false, photos: [], at: null };
  let checked = null; // answer of the server about the pin as it is now
  let sending = false;

  // ------------------------------------------------------------ map and pin
  const map = C.makeMap("pin-map");
  let pin = null;
  let circle = null;
  map.on("click", (event) => setPin(event.latlng.lng, event.latlng.lat, "tap"));
  map.on("moveend zoomend", () => setTimeout(() => C.declutter(map), 50));
  document.addEventListener("units", () => { setTimeout(() => C.declutter(map), 50); say(); });
  part("pin-centre").onclick = () => { const at = map.getCenter(); setPin(at.lng, at.lat, "centre"); };
  const STEPS = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
  function setPin(lon, lat, by, { quiet = false } = {}) {
    draft.lon = Number(lon.toFixed(6));
    draft.lat = Number(lat.toFixed(6));
    draft.by = by;
    draft.agreed = false;
    if (!pin) {
      pin = L.marker([lat, lon], { draggable: true, autoPan: true, icon: C.pinIcon(), title: C.text("pin"), alt: C.text("pin"), keyboard: true }).addTo(map);
      pin.on("dragend", () => { const at = pin.getLatLng(); setPin(at.lng, at.lat, "drag"); });
      const element = pin.getElement();
      element.setAttribute("aria-label", C.text("pin.keys"));
      element.addEventListener("keydown", (event) => {
        const step = STEPS[event.key];
        if (!step) return;
        event.preventDefault();
        event.stopPropagation(); // the map would move
        const at = map.latLngToContainerPoint(pin.getLatLng()).add([8 * step[0], -8 * step[1]]);
        const to = map.containerPointToLatLng(at);
        setPin(to.lng, to.lat, "keys");
        if (!map.getBounds().pad(-0.1).contains(to)) map.panTo(to);
      });
    } else pin.setLatLng([lat, lon]);
    if (by !== "gps" && circle) { circle.remove(); circle = null; }
    if (!map.getBounds().contains([lat, lon])) map.panTo([lat, lon]);
    checked = null;
    problem("place", "");
    say();
    keep();
    if (!quiet) check();
  }
  // At once, from the shapes on the phone; the server's word follows.
  function say() {
    const box = part("pin-said");
    box.className = "said";
    if (draft.lon === null) { box.textContent = C.text("pin.none"); return; }
    const unit = C.unitAt(draft.lon, draft.lat);
    if (C.units && !unit) {
      box.classList.add("is-bad");
      box.textContent = C.text("pin.outside");
      return;
    }
    const far = map.getZoom() < 14 && draft.by !== "gps" ? ` ${C.text("pin.coarse")}` : "";
    box.classList.add(far ? "is-warn" : "is-good");
    box.textContent = (unit ? C.text("pin.in", { unit: config.lang === "en" ? unit.properties.name : `${unit.properties.type_vi || ""} ${unit.properties.name}`.trim() }) : C.text("pin.set")) + far;
  }
  part("locate").onclick = () => {
    if (!navigator.geolocation) return problem("place", C.text("locate.none"));
    problem("place", "");
    part("locate").disabled = true;
    part("pin-said").textContent = C.text("locate.waiting");
    navigator.geolocation.getCurrentPosition((found) => {
      part("locate").disabled = false;
      const { longitude, latitude, accuracy } = found.coords;
      map.setView([latitude, longitude], accuracy > 500 ? 15 : 17, { animate: false });
      if (circle) circle.remove();
      circle = L.circle([latitude, longitude], { radius: accuracy, weight: 1, color: "#0b6e99", fillOpacity: 0.12, interactive: false }).addTo(map);
      setPin(longitude, latitude, "gps");
      if (accuracy > 100) problem("place", C.text("locate.coarse", { m: Math.round(accuracy) }));
    }, (error) => {
      part("locate").disabled = false;
      say();
      problem("place", C.text(error.code === 1 ? "locate.refused" : "locate.failed"));
    }, { enableHighAccuracy: true, timeout: 15e3, maximumAge: 30e3 });
  };

  // ------------------------------------------------------------ going to a place by its name: it moves the map, the pin stays the citizen's word
  const query = part("place-query");
  const found = part("place-found");
  let asked = 0;
  let chosen = -1;
  const close = () => { found.hidden = true; query.setAttribute("aria-expanded", "false"); query.removeAttribute("aria-activedescendant"); chosen = -1; };
  query.addEventListener("input", () => {
    const words = query.value.trim();
    clearTimeout(query.waiting);
    if (words.length < 2) return close();
    query.waiting = setTimeout(async () => {
      const mine = (asked += 1);
      let places = [];
      try { places = await C.json(`${config.search}&q=${encodeURIComponent(words)}`); } catch { places = null; }
      if (mine !== asked) return;
      found.replaceChildren(...(places === null ? [note(C.text("offline.search"))] : places.length ? places.slice(0, 8).map(option) : [note(C.text("search.none"))]));
      found.hidden = false;
      query.setAttribute("aria-expanded", "true");
      chosen = -1;
    }, 250);
  });
  const note = (words) => Object.assign(document.createElement("li"), { className: "note", textContent: words });
  function option(place, index) {
    const line = document.createElement("li");
    line.setAttribute("role", "option");
    line.id = `place-${index}`;
    line.append(Object.assign(document.createElement("strong"), { textContent: place.title }), Object.assign(document.createElement("small"), { textContent: place.note }));
    line.onclick = () => goTo(place);
    return line;
  }
  function goTo(place) {
    close();
    query.value = place.title;
    map.setView(place.point, place.layer === "admin_unit" ? 14 : 17, { animate: false });
    part("pin-said").textContent = C.text("search.went", { place: place.title });
    part("pin-centre").focus();
  }
  query.addEventListener("keydown", (event) => {
    const options = [...found.querySelectorAll("[role=option]")];
    if (event.key === "Escape") close();
    else if (event.key === "Enter") { event.preventDefault(); if (options.length) options[Math.max(0, chosen)].click(); }
    else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && options.length) {
      event.preventDefault();
      chosen = (chosen + (event.key === "ArrowDown" ? 1 : -1) + options.length) % options.length;
      options.forEach((line, index) => line.setAttribute("aria-selected", String(index === chosen)));
      query.setAttribute("aria-activedescendant", options[chosen].id);
    }
  });
  document.addEventListener("click", (event) => { if (!event.target.closest(".place-search")) close(); });

  // ------------------------------------------------------------ what the server says of place and words
  let checking = 0;
  function check() {
    clearTimeout(check.waiting);
    if (draft.lon === null) return;
    check.waiting = setTimeout(ask, 500);
  }
  async function ask() {
    const mine = (checking += 1);
    try {
      const response = await fetch(config.check, {
        method: "POST", headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ lon: draft.lon, lat: draft.lat, text: `${draft.place_text}\n${draft.content}`, category: draft.category }),
      });
      const answer = await response.json();
      if (mine !== checking || !response.ok) return;
      checked = answer;
      told();
    } catch { /* without a network the shapes on the phone have said what they can */ }
  }
  function told() {
    const box = part("check");
    box.replaceChildren();
    if (!checked) return;
    const said = part("pin-said");
    if (!checked.inside) { said.className = "said is-bad"; said.textContent = checked.said; }
    if (checked.disagrees && !draft.agreed) {
      const ask = card("is-warn", checked.question);
      const yes = button(C.text("disagree.right"), () => { draft.agreed = true; keep(); told(); });
      const no = button(C.text("disagree.move"), () => { const one = checked.named[0]; if (one && one.point) map.setView(one.point, 14); part("pin-map").scrollIntoView({ block: "center" }); part("pin-centre").focus({ preventScroll: true }); });
      ask.append(row(yes, no));
      box.append(ask);
    }
    if (checked.near.length) {
      const seen = card("", C.text("near.title"));
      const list = document.createElement("ul");
      checked.near.slice(0, 3).forEach((one) => {
        const line = document.createElement("li");
        const link = Object.assign(document.createElement("a"), { href: one.url, textContent: one.title, target: "_blank" });
        line.append(link, Object.assign(document.createElement("small"), { textContent: one.note }));
        list.append(line);
      });
      seen.append(list, Object.assign(document.createElement("p"), { className: "hint", textContent: C.text("near.hint") }));
      box.append(seen);
    }
  }
  const card = (style, words) => { const box = Object.assign(document.createElement("div"), { className: `check-card ${style}` }); box.append(Object.assign(document.createElement("strong"), { textContent: words })); return box; };
  const button = (words, go) => Object.assign(document.createElement("button"), { type: "button", className: "tool", textContent: words, onclick: go });
  const row = (...items) => { const box = Object.assign(document.createElement("div"), { className: "row" }); box.append(...items); return box; };

  // ------------------------------------------------------------ categories
  const plain = (words) => words.toLowerCase().replace(/đ/g, "d").normalize("NFD").replace(/[\u0300-\u036f]/g, "");
  const tiles = [...document.querySelectorAll(".category")];
  tiles.forEach((tile) => (tile.plain = ` ${plain(`${tile.textContent} ${tile.dataset.words}`).replace(/[^a-z0-9]+/g, " ")} `));
  const more = part("category-more");
  let all = tiles.length <= 8;
  function filter() {
    const words = plain(part("category-query").value).split(/[^a-z0-9]+/).filter(Boolean);
    // «ổ gà» as it stands; where no field has the phrase, fields with words that begin so.
    const phrase = tiles.some((tile) => tile.plain.includes(` ${words.join(" ")}`));
    const fits = (tile) => (phrase ? tile.plain.includes(` ${words.join(" ")}`) : words.every((word) => tile.plain.includes(` ${word}`)));
    let shown = 0;
    tiles.forEach((tile) => {
      const hit = words.length ? fits(tile) : all || !tile.classList.contains("is-more") || tile.querySelector("input").checked;
      tile.hidden = !hit;
      shown += hit ? 1 : 0;
    });
    part("category-none").hidden = shown > 0;
    if (more) more.hidden = all || words.length > 0;
  }
  part("category-query").addEventListener("input", filter);
  part("category-query").addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  if (more) more.onclick = () => { all = true; filter(); const next = tiles[8].querySelector("input"); next.focus(); };
  form.addEventListener("change", (event) => {
    if (event.target.name !== "category") return;
    draft.category = event.target.value;
    problem("category", "");
    keep();
    check();
  });
  filter();

  // ------------------------------------------------------------ words
  const count = part("content-count");
  const least = Number(count.dataset.least);
  const most = Number(count.dataset.most);
  function counted() {
    const n = draft.content.trim().length;
    count.textContent = n < least ? C.text("count.short", { n: least - n }) : C.text("count", { n, most });
    count.classList.toggle("is-good", n >= least);
  }
  ["content", "place_text", "name", "phone", "email"].forEach((name) => {
    const field = form.elements[name];
    field.addEventListener("input", () => {
      draft[name] = field.value;
      if (name === "content") counted();
      if (name === "content" && field.value.trim().length >= least) problem("content", "");
      keep();
    });
    if (name === "content" || name === "place_text") field.addEventListener("change", () => { draft.agreed = false; check(); });
  });
  form.elements.consent.addEventListener("change", () => { draft.consent = form.elements.consent.checked; problem("person", ""); keep(); });

  // ------------------------------------------------------------ photos
  [...document.querySelectorAll(".photo-add input")].forEach((input) => {
    input.addEventListener("change", async () => {
      problem("photos", "");
      for (const file of [...input.files]) {
        if (draft.photos.length >= config.photos) { problem("photos", C.text("photo.many", { n: config.photos })); break; }
        try { draft.photos.push(await C.shrink(file, config.photoSide)); } catch { problem("photos", C.text("photo.bad", { name: file.name })); }
      }
      input.value = "";
      shots();
      keep();
    });
  });
  function shots() {
    part("photos").replaceChildren(...draft.photos.map((url, index) => {
      const line = document.createElement("li");
      const image = Object.assign(new Image(), { src: url, alt: C.text("photo.n", { n: index + 1 }) });
      const off = Object.assign(document.createElement("button"), { type: "button", className: "photo-off", textContent: "×" });
      off.setAttribute("aria-label", C.text("photo.remove", { n: index + 1 }));
      off.onclick = () => { draft.photos.splice(index, 1); shots(); keep(); };
      line.append(image, off);
      return line;
    }));
    document.querySelectorAll(".photo-add").forEach((label) => (label.hidden = draft.photos.length >= config.photos));
  }

  // ------------------------------------------------------------ draft
  function keep() {
    draft.at = Date.now();
    clearTimeout(keep.waiting);
    keep.waiting = setTimeout(() => { C.draft.save(draft); part("draft-said").textContent = C.text("draft.kept"); }, 300);
  }
  addEventListener("pagehide", () => { if (draft.at) C.draft.save(draft); });
  function restore() {
    const kept = C.draft.load();
    if (!kept || !kept.key) return;
    Object.assign(draft, kept);
    ["content", "place_text", "name", "phone", "email"].forEach((name) => (form.elements[name].value = draft[name] || ""));
    form.elements.consent.checked = Boolean(draft.consent);
    const tile = tiles.map((one) => one.querySelector("input")).find((input) => input.value === draft.category);
    if (tile) tile.checked = true;
    filter();
    shots();
    if (draft.lon !== null) {
      const { agreed } = draft;
      map.setView([draft.lat, draft.lon], 16, { animate: false });
      setPin(draft.lon, draft.lat, draft.by || "tap");
      draft.agreed = agreed;
    }
    if (draft.content || draft.photos.length) part("draft-said").textContent = C.text("draft.back");
  }

  // ------------------------------------------------------------ sending
  function problem(name, words) {
    const box = part(name ? `problem-${name}` : "problem");
    (box || part("problem")).textContent = words;
  }
  // What is missing, first things first; the citizen is led to it.
  function missing() {
    const faults = [];
    const unit = draft.lon !== null && C.unitAt(draft.lon, draft.lat);
    if (draft.lon === null) faults.push(["place", C.text("need.place"), "pin-centre"]);
    else if ((C.units && !unit) || (checked && !checked.inside)) faults.push(["place", C.text("pin.outside"), "pin-centre"]);
    else if (checked && checked.disagrees && !draft.agreed) faults.push(["place", C.text("need.agree"), "check"]);
    if (!draft.category) faults.push(["category", C.text("need.category"), "category-query"]);
    if (draft.content.trim().length < least) faults.push(["content", C.text("need.content", { n: least }), "content"]);
    if (config.contactRequired && !draft.phone.trim() && !draft.email.trim()) faults.push(["person", C.text("need.contact"), "phone"]);
    else if ((draft.name.trim() || draft.phone.trim() || draft.email.trim()) && !draft.consent) faults.push(["person", C.text("need.consent"), "consent"]);
    return faults;
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (sending) return;
    ["place", "category", "content", "photos", "person", ""].forEach((name) => problem(name, ""));
    const faults = missing();
    if (faults.length) {
      faults.forEach(([name, words]) => problem(name, words));
      const target = part(faults[0][2]);
      target.focus({ preventScroll: true });
      (part(`step-${faults[0][0]}`) || target).scrollIntoView({ block: "start", behavior: C.calm() ? "auto" : "smooth" });
      return;
    }
    C.draft.save(draft);
    await send();
  });
  async function send() {
    sending = true;
    const go = part("send");
    go.disabled = true;
    go.textContent = C.text("sending");
    try {
      const body = new FormData();
      ["key", "lon", "lat", "category", "content", "place_text", "name", "phone", "email"].forEach((name) => body.append(name, draft[name] ?? ""));
      body.append("agreed", draft.agreed ? "yes" : "");
      body.append("consent", draft.consent ? "yes" : "");
      body.append("website", form.elements.website.value);
      draft.photos.forEach((url, index) => body.append("photos", C.blobOf(url), `photo-${index + 1}.jpg`));
      const response = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
      const answer = await response.json();
      if (response.ok) return done(answer);
      if (answer.check) { checked = answer.check; told(); }
      problem(answer.field || "", answer.message);
      if (answer.field && answer.field !== "") { const step = part(`step-${answer.field}`); if (step) step.scrollIntoView({ block: "start" }); }
      problem("", answer.message);
    } catch (error) {
      problem("", C.text(navigator.onLine === false ? "offline.send" : "failed.send"));
    } finally {
      sending = false;
      go.disabled = false;
      go.textContent = part("problem").textContent ? C.text("retry") : C.text("send");
    }
  }
  addEventListener("online", () => { if (part("problem").textContent) part("problem").textContent = C.text("online"); });

  // ------------------------------------------------------------ after it was sent
  function done(answer) {
    C.draft.clear();
    clearTimeout(keep.waiting);
    draft.at = null;
    C.sent.add({ code: answer.code, link: answer.link, title: answer.title, at: Date.now() });
    form.hidden = true;
    document.querySelectorAll("main > h1, main > .lead, #mine").forEach((item) => (item.hidden = true));
    part("receipt-code").textContent = answer.code;
    part("receipt-facts").replaceChildren(...answer.facts.flatMap(([word, value]) => [
      Object.assign(document.createElement("dt"), { textContent: word }), Object.assign(document.createElement("dd"), { textContent: value }),
    ]));
    const link = part("receipt-link");
    const address = new URL(answer.link, location.href).href;
    link.href = part("receipt-open").href = address;
    link.textContent = address;
    const box = part("receipt");
    box.hidden = false;
    scrollTo(0, 0);
    box.focus({ preventScroll: true });
    part("receipt-copy").onclick = async () => {
      try {
        await navigator.clipboard.writeText(`${answer.code}\n${address}`);
        part("copy-said").textContent = C.text("copied");
      } catch {
        getSelection().selectAllChildren(link);
        part("copy-said").textContent = C.text("copy.by_hand");
      }
    };
    if (navigator.share) {
      part("receipt-share").hidden = false;
      part("receipt-share").onclick = () => navigator.share({ title: answer.code, url: address }).catch(() => {});
    }
  }

  // ------------------------------------------------------------ reports sent from this phone
  const mine = C.sent.list();
  if (mine.length) {
    part("mine").hidden = false;
    part("mine").querySelector("ul").replaceChildren(...mine.map((one) => {
      const line = document.createElement("li");
      line.append(Object.assign(document.createElement("a"), { href: one.link, textContent: one.code }), ` ${one.title || ""}`);
      return line;
    }));
    part("mine-forget").onclick = () => { C.sent.forget(); part("mine").hidden = true; };
  }
  restore();
  counted();
  document.documentElement.dataset.form = "ready";
})();
