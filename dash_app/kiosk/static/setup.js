// Builds the address of a wall from chosen views; nothing is stored but the address itself.
(function () {
  "use strict";
  const config = JSON.parse(document.getElementById("setup-config").textContent);
  const by = (id) => document.getElementById(id);
  const views = [];

  const addressOf = (preset, unit) => {
    const query = unit && preset.unitIn === "query" ? `?unit=${unit}` : "";
    const parts = [preset.hash, unit && preset.unitIn === "hash" ? `unit=${unit}` : ""].filter(Boolean);
    return preset.path + query + (parts.length ? `#${parts.join("&")}` : "");
  };
  // An address pasted from the address bar is of this site, or refused by the wall with a sentence.
  const own = (text) => {
    try {
      const url = new URL(text.trim(), location.origin);
      url.searchParams.delete("kiosk");
      return url.origin === location.origin ? url.pathname + url.search + url.hash : text.trim();
    } catch (error) {
      return text.trim();
    }
  };
  const field = (label, value, type, change) => {
    const holder = document.createElement("label");
    const input = document.createElement("input");
    input.type = type;
    input.value = value;
    if (type === "number") Object.assign(input, { min: 5, max: 3600, step: 5 });
    input.addEventListener("input", () => { change(input.value); write(); });
    holder.append(config.texts[label], input);
    return holder;
  };
  const button = (label, sign, act, index) => {
    const item = document.createElement("button");
    item.type = "button";
    item.textContent = sign;
    item.title = config.texts[label];
    item.setAttribute("aria-label", `${config.texts[label]} ${index + 1}`);
    item.addEventListener("click", () => { act(); draw(); });
    return item;
  };
  const move = (index, step) => () => {
    const to = index + step;
    if (to >= 0 && to < views.length) [views[index], views[to]] = [views[to], views[index]];
  };
  const draw = () => {
    by("views").replaceChildren(...views.map((view, index) => {
      const row = document.createElement("li");
      const buttons = document.createElement("span");
      buttons.className = "row-buttons";
      buttons.append(
        button("setup.up", "↑", move(index, -1), index), button("setup.down", "↓", move(index, 1), index),
        button("setup.remove", "✕", () => views.splice(index, 1), index),
      );
      row.append(
        field("setup.address", view.address, "text", (value) => { view.address = own(value); }),
        field("setup.seconds", view.seconds, "number", (value) => { view.seconds = value; }),
        field("setup.shown", view.title, "text", (value) => { view.title = value.replace(/\|/g, " "); }),
        buttons,
      );
      return row;
    }));
    write();
  };
  const write = () => {
    const query = new URLSearchParams();
    views.forEach((view) => query.append("view", [view.address, view.seconds, view.title].filter(Boolean).join("|")));
    ["name", "look", "lang"].forEach((name) => by(name).value && query.set(name, by(name).value));
    const address = `${location.origin}/kiosk?${query}`;
    by("result").textContent = address;
    by("open").href = address;
  };
  const add = (index, unit, seconds) => {
    const preset = config.presets[index];
    if (preset) views.push({ address: addressOf(preset, unit), seconds, title: "" });
  };

  by("add").addEventListener("submit", (event) => {
    event.preventDefault();
    add(Number(by("preset").value), by("unit").value, 30);
    draw();
  });
  ["name", "look", "lang"].forEach((name) => by(name).addEventListener("input", write));
  by("copy").addEventListener("click", async () => {
    await navigator.clipboard.writeText(by("result").textContent);
    const before = by("copy").textContent;
    by("copy").textContent = config.texts["setup.copied"];
    setTimeout(() => { by("copy").textContent = before; }, 2000);
  });
  ["/", "/overview", "/map", "/alerts"].forEach((path) => add(config.presets.findIndex((item) => item.path === path), "", 30));
  draw();
})();
