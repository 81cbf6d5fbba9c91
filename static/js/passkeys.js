// Passkeys: the portal gives a challenge, the browser lets its owner sign it, the form sends the answer.
const tell = (form, text) => {
  const line = form.querySelector("[role=alert]") ?? document.createElement("p");
  line.className = "error";
  line.setAttribute("role", "alert");
  form.append(line);
  line.textContent = text;
};

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const asks = form.dataset.passkey;
  if (!asks) return;
  event.preventDefault();
  // Pressed twice: a second challenge would take the place of the one that is being answered.
  if (form.ariaBusy) return;
  tell(form, "");
  if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
    tell(form, "Deze browser is te oud voor een passkey. Gebruik een app met codes.");
    return;
  }
  form.ariaBusy = "true";
  try {
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(asks, { method: "POST", body });
    // Signed out meanwhile, or asked again: the page itself leads to the way in.
    if (answer.redirected) return void location.reload();
    const options = await answer.json();
    const credential = options.user
      ? await navigator.credentials.create({
          publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options),
        })
      : await navigator.credentials.get({
          publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options),
        });
    form.elements.passkey.value = JSON.stringify(credential);
    form.submit();
  } catch (error) {
    form.ariaBusy = null;
    tell(
      form,
      error.name === "InvalidStateError"
        ? "Dit apparaat heeft al een passkey voor jou. Gebruik een ander apparaat."
        : "De passkey is niet gebruikt. Probeer het opnieuw, of kies een app met codes.",
    );
  }
});
