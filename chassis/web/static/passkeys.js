// Forms that ask the visitor's device for a passkey before they are sent. Where the browser knows
// none, they stay hidden.
(() => {
  const known = () =>
    window.PublicKeyCredential?.parseRequestOptionsFromJSON &&
    window.PublicKeyCredential.parseCreationOptionsFromJSON;
  const ask = async (form) => {
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.dataset.options, { method: "POST", body });
    if (answer.redirected) location.reload(); // to where the password is asked for again
    if (!answer.ok || answer.redirected) throw new Error(`status ${answer.status}`);
    const options = await answer.json();
    const credential =
      form.dataset.passkey === "create"
        ? await navigator.credentials.create({
            publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options),
          })
        : await navigator.credentials.get({
            publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options),
          });
    return JSON.stringify(credential.toJSON());
  };
  const send = async (event) => {
    const form = event.target;
    event.preventDefault();
    const failed = form.querySelector("[role=alert]");
    failed.hidden = true;
    try {
      form.elements.credential.value = await ask(form);
      form.submit();
    } catch {
      failed.hidden = false;
    }
  };
  if (!known()) return;
  document.getElementById("no-passkeys")?.remove();
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", send);
  }
})();
