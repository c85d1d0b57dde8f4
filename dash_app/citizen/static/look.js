// Light or dark as chosen before, set before anything is drawn; the same memory as the operations centre's screens.
(function () {
  "use strict";
  const kept = () => { try { return localStorage.getItem("geoioc.look"); } catch { return null; } };
  document.documentElement.dataset.look = kept() === "dark" ? "dark" : "light";
  document.addEventListener("click", (event) => {
    if (!event.target.closest("#look-switch")) return;
    const look = document.documentElement.dataset.look === "dark" ? "light" : "dark";
    document.documentElement.dataset.look = look;
    try { localStorage.setItem("geoioc.look", look); } catch { /* a browser that keeps nothing still switches */ }
    document.dispatchEvent(new Event("look"));
  });
})();
