// Panels of the leaders' pages: the button that swaps a drawing and its table.
(function () {
  "use strict";
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".panel-switch[data-twin]");
    if (!button) return;
    const panel = button.closest(".leader-panel");
    const shown = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(shown));
    panel.querySelector(":scope > .panel-table").hidden = !shown;
    panel.querySelector(":scope > .panel-body").hidden = shown;
    panel.dispatchEvent(new CustomEvent("twin", { detail: shown }));
  });
})();
