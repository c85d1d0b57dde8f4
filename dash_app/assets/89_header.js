// The menu of the header on a phone.
(function () {
  "use strict";
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".menu-button");
    if (!button) return;
    const open = button.closest(".header").classList.toggle("is-open");
    button.setAttribute("aria-expanded", String(open));
  });
  document.addEventListener("keydown", (event) => {
    const open = event.key === "Escape" && document.querySelector(".header.is-open");
    if (!open) return;
    open.classList.remove("is-open");
    const button = open.querySelector(".menu-button");
    button.setAttribute("aria-expanded", "false");
    button.focus();
  });
})();
