// A page shown on a wall (?kiosk=1): header and controls are hidden by kiosk.css, and the frame around it hears that the
// page is alive and whether it is complete.
(function () {
  "use strict";
  const query = new URLSearchParams(location.search);
  if (query.get("kiosk") !== "1") return;
  const look = query.get("look") === "light" ? "light" : "dark";
  const root = document.documentElement;
  root.classList.add("kiosk");
  root.dataset.look = look;
  window.geoiocKiosk = { look };
  if (window.parent === window) return;

  const BEAT = 1500;
  const say = (message) => window.parent.postMessage(message, location.origin);
  // The page paints: a script that runs behind a picture that stands still is no sign of life.
  let painted = Date.now();
  const paint = () => { painted = Date.now(); requestAnimationFrame(paint); };
  requestAnimationFrame(paint);
  const ready = () => {
    const page = document.getElementById("page");
    if (!page || !page.childElementCount) return false;
    if (document.querySelector("[data-dash-is-loading], .loading")) return false;
    return location.pathname !== "/map" || Boolean(window.geoioc && window.geoioc.applied !== null);
  };
  const beat = () => {
    if (!document.hidden && Date.now() - painted > 5000) return;
    say({ geoioc: "beat", ready: ready(), failed: Boolean(document.querySelector(".page-error")) });
  };
  setInterval(beat, BEAT);

  // A page longer than the wall is turned over like one: down a screen every nine seconds, from the end to the top.
  setInterval(() => {
    const page = document.scrollingElement;
    const rest = page.scrollHeight - page.scrollTop - page.clientHeight;
    if (page.scrollHeight - page.clientHeight < page.clientHeight * 0.06) return;
    page.scrollTo({ top: rest < 8 ? 0 : page.scrollTop + page.clientHeight * 0.8, behavior: "smooth" });
  }, 9000);

  const KEYS = [" ", "ArrowLeft", "ArrowRight"];
  document.addEventListener("keydown", (event) => {
    const free = event.target === document.body || event.target === root;
    if (!free || !KEYS.includes(event.key) || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    say({ geoioc: "key", key: event.key });
  }, true);
  ["pointerdown", "wheel"].forEach((name) => document.addEventListener(name, () => say({ geoioc: "touch" }), { capture: true, passive: true }));
  // Links keep a page on the wall inside the wall.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='/']");
    if (!link) return;
    const address = new URL(link.href);
    address.searchParams.set("kiosk", "1");
    if (look === "light") address.searchParams.set("look", "light");
    link.href = address.pathname + address.search + address.hash;
  }, true);
})();
