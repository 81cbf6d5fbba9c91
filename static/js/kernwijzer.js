// Additions to htmx; the portal works without this file.
const say = (text) => {
  document.getElementById("melding").textContent = text;
};

// htmx keeps the last address here, and with it what somebody asked; also of a page just opened.
const forget = () => sessionStorage.removeItem("htmx-current-path-for-history");
forget();

// Empty fields are not sent, which keeps them out of the address.
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
// The line of a folded filter says what is chosen.
document.addEventListener("htmx:afterRequest", ({ target }) => {
  const line = target.closest?.(".filter")?.querySelector("summary");
  if (!line) return;
  const lists = [...target.querySelectorAll("select")].filter((list) => list.selectedIndex > 0);
  const chosen = lists.map((list) => list.selectedOptions[0].text);
  line.textContent = `Filter: ${chosen.join(", ") || "niets gekozen"}`;
});
// Asked for another residence or day: the focus goes to the answers. The results that are there fold the search.
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  document.querySelector(".search-head")?.classList.remove("search-head--found");
  if (detail.target.id === "kernteam") document.getElementById("antwoord").focus();
});
// The search: arrows walk through the results, Enter opens the first one, Escape clears the box.
document.addEventListener("keydown", (event) => {
  const box = document.getElementById("q");
  const links = [...document.querySelectorAll("#resultaten .list-row__title")];
  const at = links.indexOf(document.activeElement);
  if (!box || (document.activeElement !== box && at < 0)) return;
  const to = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key];
  if (to !== undefined && (links[to] || to === -1) && links.length) {
    event.preventDefault();
    (links[to] ?? box).focus();
  } else if (event.key === "Escape") {
    event.preventDefault();
    box.value = "";
    box.focus();
    box.dispatchEvent(new Event("input", { bubbles: true }));
  } else if (event.key === "Enter" && at < 0 && links[0]) {
    // Only where the results are those of what stands in the box.
    if (new URLSearchParams(location.search).get("q") !== box.value) return;
    event.preventDefault();
    links[0].click();
  }
});
// A new person needs a name: open its fields.
document.addEventListener("change", ({ target }) => {
  const fields = document.querySelector(".new-person");
  if (fields && target.tagName === "SELECT" && target.value === "nieuw") fields.open = true;
});
// Typed values are kept when the questions change to another kind.
let typed = [];
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const form = detail.target.querySelector("form[method=post]");
  if (form) typed = [...new FormData(form)];
});
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  const fields = detail.target.querySelector("form[method=post]")?.elements ?? {};
  for (const [name, value] of typed) {
    const field = fields[name];
    if (field?.matches?.("input:not([type=hidden]), textarea")) field.value ||= value;
    // A list keeps what it also offers here.
    if (field?.options && [...field.options].some((o) => o.value === value)) field.value = value;
  }
});
for (const failure of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(failure, ({ detail }) => {
    say(
      detail.xhr?.status === 429
        ? "Dat ging te snel. Wacht tien minuten en ga dan verder."
        : "Dat lukte niet. Controleer je verbinding en probeer het opnieuw.",
    );
  });
}
// Buttons that only do something with this file: the style shows them where this word stands.
document.documentElement.classList.add("scripted");
// A toast: the status message is visible for five seconds.
const show = (text) => {
  const region = document.getElementById("melding");
  say(text);
  region.classList.add("status--toast");
  clearTimeout(show.timer);
  show.timer = setTimeout(() => region.classList.remove("status--toast"), 5000);
};
document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-print], [data-copy]");
  if (!button) return;
  if ("print" in button.dataset) return print();
  // The element with that id; without one, the element before the button.
  const source = document.getElementById(button.dataset.copy) ?? button.previousElementSibling;
  say("");
  try {
    // Folded text has no innerText.
    await navigator.clipboard.writeText((source.innerText || source.textContent).trim());
    show("Gekopieerd.");
  } catch {
    source.closest("details")?.setAttribute("open", "");
    getSelection().selectAllChildren(source);
    show("De tekst is geselecteerd. Druk op Ctrl+C.");
  }
});
