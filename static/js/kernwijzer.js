// What htmx needs beside it; the portal works without this file.
document.addEventListener("htmx:beforeRequest", (event) => {
  event.detail.target.setAttribute("aria-busy", "true");
  // Emptied first, so that the same count twice is announced twice.
  document.getElementById("melding").textContent = "";
});
document.addEventListener("htmx:afterRequest", (event) => {
  event.detail.target.removeAttribute("aria-busy");
  // htmx keeps the last address here, and with it what somebody searched for.
  sessionStorage.removeItem("htmx-current-path-for-history");
  if (event.detail.failed) {
    document.getElementById("melding").textContent =
      "Dat lukte niet. Controleer je verbinding en probeer het opnieuw.";
  }
});
