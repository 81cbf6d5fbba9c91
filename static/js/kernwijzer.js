// What htmx needs beside it; the portal works without this file.
const say = (text) => {
  document.getElementById("melding").textContent = text;
};

// htmx keeps the last address here, and with it what somebody asked; also of a page just opened.
const forget = () => sessionStorage.removeItem("htmx-current-path-for-history");
forget();

// What is not filled in is not asked, and stays out of the address.
document.addEventListener("htmx:configRequest", (event) => {
  const asked = event.detail.formData;
  for (const [name, value] of [...asked]) if (value === "") asked.delete(name);
});
document.addEventListener("htmx:beforeRequest", (event) => {
  event.detail.target.setAttribute("aria-busy", "true");
  // Emptied first, so that the same count twice is announced twice.
  say("");
});
document.addEventListener("htmx:afterRequest", (event) => {
  event.detail.target.removeAttribute("aria-busy");
  forget();
});
// The two ways to say where a pupil lives exclude each other.
document.addEventListener("input", ({ target }) => {
  const town = document.getElementById("woont");
  const place = document.getElementById("plaats");
  if (target === place && place.value) town.value = "anders";
  if (target === town && town.value !== "anders") place.value = "";
});
// Whoever is new to the portal has a name to fill in.
document.addEventListener("change", ({ target }) => {
  const fields = document.querySelector(".new-person");
  if (fields && target.tagName === "SELECT" && target.value === "nieuw") fields.open = true;
});
for (const failure of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(failure, () => {
    say("Dat lukte niet. Controleer je verbinding en probeer het opnieuw.");
  });
}
// Buttons that only do something with this file.
for (const button of document.querySelectorAll("[data-print], [data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    if (!button.dataset.copy) return print();
    const text = document.getElementById(button.dataset.copy);
    const done = document.getElementById(`${button.dataset.copy}-melding`);
    try {
      await navigator.clipboard.writeText(text.innerText);
      done.textContent = "Gekopieerd.";
    } catch {
      getSelection().selectAllChildren(text);
      done.textContent = "De tekst is geselecteerd. Druk op Ctrl+C.";
    }
  });
}
